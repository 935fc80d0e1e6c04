import { Problem } from '../api/problem.js';
import { type QrQuestion } from './qr-worker.js';

/** What Chromium has on some systems (Shape Detection); elsewhere a worker of the page reads codes. */
interface BarcodeDetectorLike {
  readonly detect: (image: ImageBitmapSource) => Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => BarcodeDetectorLike;

/**
 * Reads one QR code of a picture, or of what a video shows now. @returns its text, `undefined` where none is seen
 * @throws {Problem} CODE_READER_DOWN
 */
export async function decodeQr(source: Blob | HTMLVideoElement): Promise<string | undefined> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(source);
  } catch {
    return undefined; // The file is no picture, or the camera shows nothing yet.
  }
  const text = await decodeNatively(image);
  if (text === undefined) return decodeBeside(image);
  image.close();
  return text;
}

async function decodeNatively(image: ImageBitmapSource): Promise<string | undefined> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  if (BarcodeDetector === undefined) return undefined;
  try {
    const found = await new BarcodeDetector({ formats: ['qr_code'] }).detect(image);
    return found[0]?.rawValue;
  } catch {
    return undefined; // The system's service may be missing although the class is there.
  }
}

let worker: Worker | undefined;

/** Has the worker look, which takes up to seconds on a phone. @param image is the worker's from now on */
function decodeBeside(image: ImageBitmap): Promise<string | undefined> {
  const asked = (worker ??= new Worker(new URL('./qr-worker.ts', import.meta.url), { type: 'module' }));
  const { port1: told, port2: answer } = new MessageChannel();
  const question: QrQuestion = { image, answer };
  return new Promise((resolve, reject) => {
    told.onmessage = ({ data }: MessageEvent<string | undefined>) => {
      told.close();
      resolve(data);
    };
    asked.onerror = (event) => {
      event.preventDefault(); // It is told in words.
      worker = undefined; // It could not be loaded: the gateway is away, and another one may be tried later.
      told.close();
      reject(new Problem('CODE_READER_DOWN'));
    };
    asked.postMessage(question, [image, answer]);
  });
}
