/** Being written. */
export default function Page() {
  return null
}
