/** A saliency map as a picture to lay over an image: a colour ramp with the strength as opacity, enlarged smoothly. */

type Stop = readonly [place: number, red: number, green: number, blue: number];

/** From cool to hot; told apart in grey as well. Places in [0, 1]. */
const RAMP: readonly Stop[] = [
  [0, 40, 30, 110],
  [0.35, 150, 40, 140],
  [0.65, 240, 90, 70],
  [0.85, 255, 170, 50],
  [1, 255, 245, 150],
];
/** Below this strength nothing is drawn, so that the image stays as it is where the model does not look. */
const FAINT = 0.06;

/**
 * @param codes (height * width), 255 = the strongest place
 * @returns (height * width * 4) RGBA, not premultiplied
 */
export function saliencyPixels(codes: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * codes.length);
  for (const [at, code] of codes.entries()) {
    const strength = code / 255;
    pixels.set(rampColour(strength), 4 * at);
    pixels[4 * at + 3] = strength < FAINT ? 0 : Math.round(255 * Math.sqrt(strength));
  }
  return pixels;
}

function rampColour(strength: number): [number, number, number] {
  const after = Math.max(
    1,
    RAMP.findIndex(([place]) => place >= strength),
  );
  const [from, to] = [RAMP[after - 1], RAMP[after]];
  const share = (strength - from[0]) / (to[0] - from[0]);
  const mix = (channel: 1 | 2 | 3) => Math.round(from[channel] + share * (to[channel] - from[channel]));
  return [mix(1), mix(2), mix(3)];
}
