import { layOut } from './graph-layout'
import type { LayoutInput } from './graph-place'

self.onmessage = ({ data }: MessageEvent<LayoutInput>) => self.postMessage(layOut(data))
