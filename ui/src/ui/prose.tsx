/** A message in which `backticks` mark names and values, as the server writes them. */
export function Prose({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
      <code key={index}>{part}</code>
    ) : (
      part
    ),
  )
}
