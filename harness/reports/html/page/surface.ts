/** A canvas that is as sharp as the screen, and is told its size. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Makes the canvas as large as told, in the page's pixels, and empties it. `null` where there is no canvas. */
export function prepareSurface(
  canvas: HTMLCanvasElement,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Surface | null {
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const [width, height] = [widthPx, heightPx].map((px) => Math.round(px * devicePixelRatio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width ?? 0;
    canvas.height = height ?? 0;
    canvas.style.width = `${widthPx}px`;
    canvas.style.height = `${heightPx}px`;
  }
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, widthPx, heightPx);
  return { context, widthPx, heightPx };
}

/** Runs `draw` once before the next frame, however often it is asked for. */
export function oncePerFrame(draw: () => void): () => void {
  let isAskedFor = false;
  return () => {
    if (isAskedFor) return;
    isAskedFor = true;
    requestAnimationFrame(() => {
      isAskedFor = false;
      draw();
    });
  };
}
