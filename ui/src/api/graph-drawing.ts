import type { Graph } from './graph'
import { type EdgeStyle, edgesOf } from './graph-edges'
import { pack } from './graph-pack'
import type { Layout, LayoutInput } from './graph-place'
import type { Direction } from './graph-search'

/** What has to be placed to draw a graph. */
export function drawingOf(graph: Graph, style: EdgeStyle, direction: Direction): LayoutInput {
  const [units, edges] = pack(graph, edgesOf(graph, style))
  return { units, edges, direction }
}

/** Places it beside the page, which stays smooth meanwhile; `signal` ends the work. */
export async function placed(input: LayoutInput, signal: AbortSignal): Promise<Layout> {
  if (typeof Worker === 'undefined') return (await import('./graph-layout')).layOut(input)
  const worker = new Worker(new URL('./graph-layout.worker.ts', import.meta.url), {
    type: 'module',
    name: 'graph layout',
  })
  try {
    return await new Promise<Layout>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      worker.onmessage = ({ data }: MessageEvent<Layout>) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message || 'the layout did not start'))
      worker.postMessage(input)
    })
  } finally {
    worker.terminate()
  }
}
