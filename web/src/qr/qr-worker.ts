/// <reference lib="webworker" />
import jsQR from 'jsqr';

/** A picture to be looked at, and where the text of its code goes; `undefined` where none is seen. */
export interface QrQuestion {
  readonly image: ImageBitmap;
  readonly answer: MessagePort;
}

/**
 * Longest sides at which a picture is looked at, pixels, one after the other: most codes are seen in a small picture,
 * and only a code of a whole receipt in the photograph of a sheet needs a large one.
 */
const SIDES = [1_600, 4_096];

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = ({ data: { image, answer } }: MessageEvent<QrQuestion>) => {
  answer.postMessage(look(image));
  answer.close();
  image.close();
};

function look(image: ImageBitmap): string | undefined {
  const longest = Math.max(image.width, image.height);
  for (const [index, side] of SIDES.entries()) {
    if (index > 0 && longest <= (SIDES[index - 1] ?? 0)) return undefined; // Nothing more would be seen.
    const text = lookAt(image, Math.min(1, side / longest));
    if (text !== undefined) return text;
  }
  return undefined;
}

function lookAt(image: ImageBitmap, scale: number): string | undefined {
  const [width, height] = [Math.ceil(image.width * scale), Math.ceil(image.height * scale)];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(image, 0, 0, width, height);
  return jsQR(context.getImageData(0, 0, width, height).data, width, height)?.data;
}
