/** What Chromium has on some systems (Shape Detection); elsewhere a decoder of the page reads codes. */
interface BarcodeDetectorLike {
  readonly detect: (image: ImageBitmapSource) => Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => BarcodeDetectorLike;

/** Longest side that is looked at, pixels: a larger picture is drawn smaller. */
const SIDE_MAX = 1_600;

/** Reads one QR code of an image. @returns its text, `undefined` where none is seen */
export async function decodeQr(image: ImageBitmap | HTMLVideoElement): Promise<string | undefined> {
  return (await decodeNatively(image)) ?? decodeHere(image);
}

/** Reads the code in a picture. @returns `undefined` where the file is no picture, or holds none */
export async function decodeQrFile(file: Blob): Promise<string | undefined> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  try {
    return await decodeQr(image);
  } finally {
    image.close();
  }
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

async function decodeHere(image: ImageBitmap | HTMLVideoElement): Promise<string | undefined> {
  const [width, height] =
    image instanceof HTMLVideoElement ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height, 1));
  const canvas = new OffscreenCanvas(Math.max(1, width * scale), Math.max(1, height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || width === 0) return undefined;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const { default: jsQR } = await import('jsqr');
  return jsQR(data, canvas.width, canvas.height)?.data;
}
