/** The product's mark: a board under a theatre's valance, with a notice pinned to it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#8f1845" />
      <path
        d="M0 6.5A6.5 6.5 0 0 1 6.5 0h19A6.5 6.5 0 0 1 32 6.5a3.2 3.2 0 0 1-6.4 0 3.2 3.2 0 0 1-6.4 0 3.2 3.2 0 0 1-6.4 0 3.2 3.2 0 0 1-6.4 0 3.2 3.2 0 0 1-6.4 0z"
        fill="#cf4f7d"
      />
      <path
        d="M9 12.5h14a2 2 0 0 1 2 2V23l-5 5H9a2 2 0 0 1-2-2V14.5a2 2 0 0 1 2-2z"
        fill="#fff7ec"
      />
      <path d="M25 23l-5 5v-3.5a1.5 1.5 0 0 1 1.5-1.5z" fill="#e3c49b" />
      <path d="M11 19h10M11 23h5" stroke="#8f1845" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="16" cy="12.8" r="2.6" fill="#f0b445" />
    </svg>
  )
}
