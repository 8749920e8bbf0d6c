import type { Graph } from '../api/graph'
import type { Layout } from '../api/graph-place'
import { parseRef } from '../api/ref'

/** What shapes look like, in the words of SVG, with what needs no words. */
const LOOKS: [name: string, otherwise: string][] = [
  ['fill', ''],
  ['stroke', 'none'],
  ['stroke-width', '1px'],
  ['stroke-dasharray', 'none'],
  ['stroke-linecap', 'butt'],
  ['stroke-linejoin', 'miter'],
  ['paint-order', 'normal'],
]
const LETTERS: typeof LOOKS = [
  ['font-family', ''],
  ['font-size', ''],
  ['font-weight', '400'],
  ['text-anchor', 'start'],
]
const SHAPES = 'rect, path, text, circle, line, polyline, polygon, ellipse'
/** What only the page needs. */
const ONLY_HERE = /^(class|style|role|tabindex|aria-.*|data-.*)$/

const SVG = 'http://www.w3.org/2000/svg'
/** Pictures of screens with a fine grid show more than one pixel for one. */
const SCALE = 2
/** Larger pictures are too heavy for mails, and browsers draw none that are much larger. */
const MOST_PIXELS = 16_000_000

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
function plainColours(): (colour: string) => string {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const known = new Map([['none', 'none']])
  return (colour) => {
    const plain = known.get(colour)
    if (plain || !pen) return plain ?? colour
    // On white, as in the file: a colour that lets the ground through becomes what is seen there.
    for (const style of ['#ffffff', colour]) {
      pen.fillStyle = style
      pen.fillRect(0, 0, 1, 1)
    }
    const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data
    known.set(colour, `rgb(${red}, ${green}, ${blue})`)
    return known.get(colour) ?? colour
  }
}

/** Everything that has to be written onto shapes, so that they look the same without the page. */
function looksOf(shapes: Iterable<Element>): [shape: Element, name: string, value: string][] {
  const plain = plainColours()
  const found: [Element, string, string][] = []
  for (const shape of shapes) {
    const style = getComputedStyle(shape)
    for (const [name, otherwise] of shape.tagName === 'text' ? [...LOOKS, ...LETTERS] : LOOKS) {
      const value = style.getPropertyValue(name)
      const isColour = name === 'fill' || name === 'stroke'
      if (value !== '' && value !== otherwise) {
        found.push([shape, name, isColour ? plain(value) : value])
      }
    }
  }
  return found
}

/** Does something while the page is light. Nothing is painted meanwhile, and nothing fades afterwards. */
function inLight<T>(read: () => T): T {
  const { dataset } = document.documentElement
  const { theme } = dataset
  const still = document.createElement('style')
  still.textContent = '*, *::before, *::after { transition: none !important }'
  document.head.append(still)
  dataset.theme = 'light'
  try {
    return read()
  } finally {
    if (theme === undefined) delete dataset.theme
    else dataset.theme = theme
    // Asking for a size makes the browser take in the old colours while transitions are still off.
    document.body.getBoundingClientRect()
    still.remove()
  }
}

/** The whole drawing as a file of its own, on a light ground, whatever part of it the page shows. */
export function svgText(drawing: SVGSVGElement, layout: Layout): string {
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)]
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
  // All is read before anything is written: each change would make the browser compute styles again.
  const looks = inLight(() => looksOf(copy.querySelectorAll(SHAPES)))
  frame.remove()
  for (const [shape, name, value] of looks) shape.setAttribute(name, value)

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
  const scale = Math.min(SCALE, Math.sqrt(MOST_PIXELS / (width * height)))
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
