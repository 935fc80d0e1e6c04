import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/** What a phone's camera gives at least, pixels. */
const WIDTH = 1_280;
const HEIGHT = 720;
const FRAMES_A_SECOND = 10;
/** Chromium begins again at the end; a film of one frame it takes for none. */
const FRAMES = 2;
/** The table on which the picture lies: no camera sees pure white or black around it. */
const GREY = 0x90;
/** No colour. */
const CHROMA = 0x80;

/**
 * Switches that give Chromium a film for a camera, and its user's consent with it. The film is read whenever a page
 * opens the camera, so another one may be laid in its place between two.
 */
export function cameraSwitches(film: string): string[] {
  return [
    ...['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
    `--use-file-for-fake-video-capture=${film}`,
  ];
}

/** Writes a film (YUV4MPEG2, 4:2:0) in which a PNG lies still in the middle. @throws {RangeError} where it is too large */
export function writeFilm(path: string, picture: Buffer): void {
  const { width, height, data } = PNG.sync.read(picture);
  const [left, top] = [Math.floor((WIDTH - width) / 2), Math.floor((HEIGHT - height) / 2)];
  if (left < 0 || top < 0) throw new RangeError(`a picture of ${width} × ${height} does not fit into the film`);
  const brightness = Buffer.alloc(WIDTH * HEIGHT, GREY);
  for (let y = 0; y < height; y += 1) {
    // Codes are black and white: red says as much as all three.
    for (let x = 0; x < width; x += 1) brightness[(top + y) * WIDTH + left + x] = data[4 * (y * width + x)] ?? GREY;
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), brightness, Buffer.alloc((WIDTH * HEIGHT) / 2, CHROMA)]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_A_SECOND}:1 Ip A1:1 C420\n`);
  writeFileSync(path, Buffer.concat([head, ...Array.from({ length: FRAMES }, () => frame)]));
}
