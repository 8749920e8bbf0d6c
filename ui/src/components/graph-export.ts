import type { Graph } from '../api/graph'
import type { Layout } from '../api/graph-place'
import { parseRef } from '../api/ref'

/** What a shape looks like, in the words of SVG. */
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
]
const SHAPES = 'rect, path, text, circle, line, polyline, polygon, ellipse'
/** What only the page needs. */
const ONLY_HERE = /^(class|style|role|tabindex|aria-.*|data-.*)$/

const SVG = 'http://www.w3.org/2000/svg'
/** Pictures of screens with a fine grid show more than one pixel for one. */
const SCALE = 2
/** Browsers draw no larger pictures. */
const MOST_PIXELS = 8192

/** `component-cart.svg`: the name of the file, from the first centre. */
export function fileName({ roots }: Graph, ending: string): string {
  const ref = parseRef(roots[0] ?? '')
  const words = ref
    ? [ref.kind, ref.namespace === 'default' ? '' : ref.namespace, ref.name]
    : ['graph']
  const name = words
    .filter((word) => word !== '')
    .join('-')
    .replace(/[^\w.-]+/g, '-')
  return `${name.replace(/^\.+/, '').slice(0, 100) || 'graph'}.${ending}`
}

/** Other programs know neither `oklch()` nor `color-mix()`: a pixel of the colour does. */
function plainColour(pen: CanvasRenderingContext2D | null, colour: string): [string, number] {
  if (!pen || colour === 'none') return [colour, 1]
  pen.clearRect(0, 0, 1, 1)
  pen.fillStyle = colour
  pen.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0, alpha = 255] = pen.getImageData(0, 0, 1, 1).data
  return [`rgb(${red}, ${green}, ${blue})`, alpha / 255]
}

function inline(element: Element, pen: CanvasRenderingContext2D | null): void {
  const looks = getComputedStyle(element)
  for (const name of LOOKS) {
    const value = looks.getPropertyValue(name)
    if (!value || value === 'normal') continue
    if (name !== 'fill' && name !== 'stroke') {
      element.setAttribute(name, value)
      continue
    }
    const [colour, opacity] = plainColour(pen, value)
    element.setAttribute(name, colour)
    if (opacity < 1) element.setAttribute(`${name}-opacity`, opacity.toFixed(3))
  }
}

/** Does something while the page is light. Nothing is painted meanwhile, and nothing fades afterwards. */
function inLight(read: () => void): void {
  const { dataset } = document.documentElement
  const { theme } = dataset
  const still = document.createElement('style')
  still.textContent = '*, *::before, *::after { transition: none !important }'
  document.head.append(still)
  dataset.theme = 'light'
  try {
    read()
  } finally {
    if (theme === undefined) delete dataset.theme
    else dataset.theme = theme
    // Asking for a size makes the browser take in the old colours while transitions are still off.
    document.body.getBoundingClientRect()
    still.remove()
  }
}

/** The whole drawing as a file of its own, on a light ground, whatever part of it the page shows. */
export function svgText(drawing: SVGSVGElement, { width, height }: Layout): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement
  for (const name of ['data-far', 'data-very-far']) copy.removeAttribute(name)
  for (const one of copy.querySelectorAll('[aria-selected]'))
    one.setAttribute('aria-selected', 'false')
  for (const one of copy.querySelectorAll('[data-chosen]')) one.removeAttribute('data-chosen')
  for (const one of copy.querySelectorAll('[marker-end]'))
    one.setAttribute('marker-end', 'url(#graph-arrow)')

  // Styles hold within the page only, so the copy is in it while they are read.
  const frame = document.createElement('div')
  frame.style.cssText = 'position:fixed;left:-99999px'
  frame.append(copy)
  document.body.append(frame)
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  inLight(() => {
    for (const shape of copy.querySelectorAll(SHAPES)) inline(shape, pen)
  })
  frame.remove()

  for (const element of [copy, ...copy.querySelectorAll('*')]) {
    for (const { name } of [...element.attributes]) {
      if (ONLY_HERE.test(name)) element.removeAttribute(name)
    }
  }
  const ground = document.createElementNS(SVG, 'rect')
  for (const [name, value] of [
    ['width', width],
    ['height', height],
    ['fill', '#ffffff'],
  ] as const) {
    ground.setAttribute(name, String(value))
  }
  copy.prepend(ground)
  copy.setAttribute('xmlns', SVG)
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`)
  return new XMLSerializer().serializeToString(copy)
}

/** A picture of an SVG file. */
async function pngOf(text: string, { width, height }: Layout): Promise<Blob> {
  const scale = Math.min(SCALE, MOST_PIXELS / width, MOST_PIXELS / height)
  const picture = new Image()
  // The content security policy lets pictures be data, but no blobs.
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob)
      else reject(new Error('the browser could not draw a picture of this size'))
    }, 'image/png')
  })
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The download has begun when the click returns, but reads the blob a little later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Saves the drawing as a file. */
export async function saveDrawing(
  drawing: SVGSVGElement,
  graph: Graph,
  layout: Layout,
  format: 'svg' | 'png',
): Promise<void> {
  const text = svgText(drawing, layout)
  const blob =
    format === 'svg' ? new Blob([text], { type: 'image/svg+xml' }) : await pngOf(text, layout)
  save(blob, fileName(graph, format))
}
