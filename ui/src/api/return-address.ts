/**
 * Where to go after signing in: an address of this portal, whatever the parameter says. Anything
 * that could lead elsewhere is dropped, because links to the sign-in page come from anywhere.
 */
export function returnAddress(wanted: unknown): string {
  const address = typeof wanted === 'string' ? wanted : ''
  const isOwn = address.startsWith('/') && !address.startsWith('//') && !/[\\\s]/.test(address)
  return isOwn ? address : '/'
}
