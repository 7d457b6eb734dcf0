/** Generated items: small scenes with one object each, in clusters, with the profile that a saliency map would give. */
import { encodeCell } from "./bc1-encode";
import { Random } from "./random";

export const NUM_CLUSTERS = 12;
export const PROFILE_CELLS = 7;
const NUM_PICTURES = 240;
const ASPECTS = [0.67, 0.75, 1, 1.33, 1.5, 1.78];

export interface Picture {
  readonly cell16: Uint8Array;
  readonly cell64: Uint8Array;
  /** 14 codes: 7 of x, 7 of y. */
  readonly profile: Uint8Array;
}

export interface Generated {
  readonly numItems: number;
  readonly positionsA: Float32Array;
  readonly positionsB: Float32Array;
  readonly aspect: Uint8Array;
  readonly clusters: Uint8Array;
  readonly pictureOf: Uint8Array;
  readonly profiles: Uint8Array;
  readonly cells16: Uint8Array;
  readonly pictures: readonly Picture[];
}

export function generate(numItems: number, seed = 7): Generated {
  const random = new Random(seed);
  const pictures = Array.from({ length: NUM_PICTURES }, (_, k) =>
    drawPicture(k % NUM_CLUSTERS, new Random(100 + k)),
  );
  const centres = Array.from({ length: NUM_CLUSTERS }, (_, k) => {
    const angle = k * 2.4;
    const radius = 2.2 * Math.sqrt(k + 0.6);
    return [radius * Math.cos(angle), 0.8 * radius * Math.sin(angle)] as const;
  });
  const size = 2 * PROFILE_CELLS;
  const result = {
    numItems,
    positionsA: new Float32Array(2 * numItems),
    positionsB: new Float32Array(2 * numItems),
    aspect: new Uint8Array(numItems),
    clusters: new Uint8Array(numItems),
    pictureOf: new Uint8Array(numItems),
    profiles: new Uint8Array(numItems * size),
    cells16: new Uint8Array(numItems * 128),
    pictures,
  };
  for (let item = 0; item < numItems; item++) {
    const picture = Math.floor(random.next() * NUM_PICTURES);
    const cluster = picture % NUM_CLUSTERS;
    const [x, y] = centres[cluster] as readonly [number, number];
    const bend = random.normal();
    result.positionsA[2 * item] = x + bend * 0.9 + 0.25 * random.normal();
    result.positionsA[2 * item + 1] = y + 0.4 * bend * bend - 0.3 + 0.35 * random.normal();
    result.positionsB[2 * item] = x * 1.15 + 0.45 * random.normal();
    result.positionsB[2 * item + 1] = y * 1.15 + 0.45 * random.normal();
    const ratio = ASPECTS[Math.floor(random.next() * ASPECTS.length)] as number;
    result.aspect[item] = Math.round(64 * Math.log2(ratio)) + 128;
    result.clusters[item] = cluster;
    result.pictureOf[item] = picture;
    const { profile, cell16 } = pictures[picture] as Picture;
    result.profiles.set(profile, item * size);
    result.cells16.set(cell16, item * 128);
  }
  return result;
}

/** Cells of 64 px for the items asked for, one after the other; items appended later repeat the first ones. */
export function largeCells(data: Generated, indexes: readonly number[]): ArrayBuffer {
  const cells = new Uint8Array(indexes.length * 2048);
  indexes.forEach((item, k) => {
    cells.set((data.pictures[data.pictureOf[item % data.numItems] as number] as Picture).cell64, k * 2048);
  });
  return cells.buffer;
}

function drawPicture(kind: number, random: Random): Picture {
  const x = random.between(0.25, 0.75);
  const y = random.between(0.35, 0.7);
  const radius = random.between(0.1, 0.24);
  const large = pixelsOf(64, kind, x, y, radius, random);
  const small = shrink(large, 64, 16);
  return {
    cell16: encodeCell(small, 16),
    cell64: encodeCell(large, 64),
    profile: profileOf(x, y, radius),
  };
}

function pixelsOf(sizePx: number, kind: number, x: number, y: number, radius: number, random: Random) {
  const canvas = new OffscreenCanvas(sizePx, sizePx);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no 2D canvas");
  context.scale(sizePx, sizePx);
  paintGround(context, random);
  paintObject(context, kind, x, y, radius, random);
  const { data } = context.getImageData(0, 0, sizePx, sizePx);
  for (let k = 0; k < data.length; k++) {
    if (k % 4 !== 3) data[k] = (data[k] as number) + 9 * random.normal();
  }
  return data;
}

function paintGround(context: OffscreenCanvasRenderingContext2D, random: Random): void {
  const hue = random.between(180, 230);
  const sky = context.createLinearGradient(0, 0, 0, 0.6);
  sky.addColorStop(0, `hsl(${hue} ${random.between(20, 60)}% ${random.between(45, 75)}%)`);
  sky.addColorStop(1, `hsl(${hue - 20} 30% ${random.between(75, 90)}%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, 1, 1);
  const horizon = random.between(0.4, 0.65);
  const earth = context.createLinearGradient(0, horizon, 0, 1);
  const earthHue = random.between(30, 130);
  earth.addColorStop(0, `hsl(${earthHue} ${random.between(15, 45)}% ${random.between(40, 60)}%)`);
  earth.addColorStop(1, `hsl(${earthHue - 10} 30% ${random.between(18, 35)}%)`);
  context.fillStyle = earth;
  context.fillRect(0, horizon, 1, 1);
  for (let k = 0; k < 14; k++) {
    context.fillStyle = `hsla(${earthHue + random.between(-20, 20)} 35% ${random.between(15, 55)}% / 0.5)`;
    const width = random.between(0.02, 0.2);
    context.fillRect(random.next(), horizon + random.between(-0.12, 0.3), width, random.between(0.01, 0.14));
  }
}

function paintObject(
  context: OffscreenCanvasRenderingContext2D,
  kind: number,
  x: number,
  y: number,
  radius: number,
  random: Random,
): void {
  const hue = kind * 47 + random.between(-15, 15);
  const light = random.between(42, 58);
  context.fillStyle = "rgba(0 0 0 / 0.35)";
  context.beginPath();
  context.ellipse(x + 0.02, y + radius * 0.95, radius * 1.15, radius * 0.22, 0, 0, 7);
  context.fill();
  const body = context.createRadialGradient(x - radius / 3, y - radius / 2, 0, x, y, radius * 1.3);
  body.addColorStop(0, `hsl(${hue} 65% ${light + 25}%)`);
  body.addColorStop(1, `hsl(${hue} 60% ${light - 20}%)`);
  context.fillStyle = body;
  context.beginPath();
  if (kind % 4 === 0) context.ellipse(x, y, radius * 1.2, radius * 0.8, 0.3, 0, 7);
  else if (kind % 4 === 1)
    context.roundRect(x - radius, y - radius * 0.7, 2 * radius, 1.5 * radius, radius * 0.2);
  else if (kind % 4 === 2) {
    for (let k = 0; k < 10; k++) {
      const reach = k % 2 === 0 ? radius * 1.2 : radius * 0.5;
      context.lineTo(x + reach * Math.sin(k * 0.628), y - reach * Math.cos(k * 0.628));
    }
  } else context.roundRect(x - radius * 0.5, y - radius * 1.1, radius, 2.1 * radius, radius * 0.5);
  context.fill();
  context.fillStyle = `hsl(${hue + 180} 40% ${light + 20}%)`;
  for (let k = 0; k < 2; k++) {
    context.beginPath();
    context.arc(x + (k - 0.5) * radius * 0.7, y - radius * 0.15, radius * 0.16, 0, 7);
    context.fill();
  }
}

/** Marginals of a round bump over the object, as square-root codes. */
function profileOf(x: number, y: number, radius: number): Uint8Array {
  const codes = [x, y].flatMap((centre) => {
    const mass = Array.from({ length: PROFILE_CELLS }, (_, k) => {
      const away = ((k + 0.5) / PROFILE_CELLS - centre) / (radius * 0.75);
      return Math.max(0, Math.exp(-0.5 * away * away) - 0.03);
    });
    const largest = Math.max(...mass);
    return mass.map((value) => Math.round(255 * Math.sqrt(value / largest)));
  });
  return new Uint8Array(codes);
}

function shrink(pixels: Uint8ClampedArray, fromPx: number, toPx: number): Uint8Array {
  const step = fromPx / toPx;
  const result = new Uint8Array(toPx * toPx * 4);
  for (let k = 0; k < result.length; k++) {
    const top = Math.floor(k / 4 / toPx) * step;
    const left = (Math.floor(k / 4) % toPx) * step;
    let sum = 0;
    for (let dy = 0; dy < step; dy++) {
      for (let dx = 0; dx < step; dx++)
        sum += pixels[((top + dy) * fromPx + left + dx) * 4 + (k % 4)] as number;
    }
    result[k] = Math.round(sum / step / step);
  }
  return result;
}
