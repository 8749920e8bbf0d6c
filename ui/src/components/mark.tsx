/** The product's mark: a board under a theatre's valance, with a notice pinned to it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#8f1845" />
      <path
        d="M0 8a8 8 0 0 1 8-8h16a8 8 0 0 1 8 8v2a4 4 0 0 1-8 0 4 4 0 0 1-8 0 4 4 0 0 1-8 0 4 4 0 0 1-8 0z"
        fill="#c2416f"
      />
      <path
        d="M10 13h12a1.5 1.5 0 0 1 1.5 1.5v8L19 27h-9a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 10 13z"
        fill="#fff7ec"
      />
      <path d="M23.5 22.5 19 27v-3a1.5 1.5 0 0 1 1.5-1.5z" fill="#e5c9a4" />
      <path d="M11.5 18.5h9M11.5 22h5" stroke="#8f1845" strokeWidth="1.6" strokeLinecap="round" />
      <circle cx="16" cy="13.5" r="2.4" fill="#f0b445" />
    </svg>
  )
}
