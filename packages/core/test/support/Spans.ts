/** A tracer that records its spans. */
import { Tracer } from "effect"

/** A tracer, and the spans that it has started. */
export const keepingSpans = () => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}
