/** How wide a text is drawn, in pixels. */
export type Measure = (text: string) => number

let context: CanvasRenderingContext2D | null | undefined

/** Measures in the font of the portal; where nothing is drawn, guesses by the number of letters. */
export function measureIn(weight: number, size: number): Measure {
  if (context === undefined && typeof OffscreenCanvas !== 'undefined') {
    context = document.createElement('canvas').getContext('2d')
  }
  const pen = context
  if (!pen) return (text) => text.length * size * 0.55
  const font = `${weight} ${size}px "Inter Variable", system-ui, sans-serif`
  return (text) => {
    pen.font = font
    return pen.measureText(text).width
  }
}

/** No text that is drawn needs more letters; entities may have titles of any length. */
const MOST_LETTERS = 200

/** As much of a text as fits into a width, with an ellipsis where something is missing. */
export function fitText(text: string, width: number, measure: Measure): string {
  const short = text.slice(0, MOST_LETTERS)
  if (short.length === text.length && measure(text) <= width) return text
  // By code points, so that no letter is cut in two.
  const letters = [...short]
  let [fits, tooMany] = [0, letters.length + 1]
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1
    const cut = `${letters.slice(0, middle).join('').trimEnd()}…`
    if (measure(cut) <= width) fits = middle
    else tooMany = middle
  }
  return `${letters.slice(0, fits).join('').trimEnd()}…`
}
