/** The data textures of the items, and how the columns of `Items` are laid into them. */
import { texelsPerProfile } from "../lib/profile-boxes";
import { DataTexture, type TexelFormat } from "./data-texture";
import type { GpuMemory } from "./gpu-memory";
import type { Items } from "./items";

const bytes = (length: number) => new Uint8Array(length);

export class ItemTextures {
  readonly positions: DataTexture<Float32Array<ArrayBuffer>>;
  readonly meta: DataTexture<Uint8Array<ArrayBuffer>>;
  readonly state: DataTexture<Uint8Array<ArrayBuffer>>;
  readonly profiles: DataTexture<Uint8Array<ArrayBuffer>>;
  readonly slots: DataTexture<Uint16Array<ArrayBuffer>>;
  readonly palette: WebGLTexture;
  private readonly gl: WebGL2RenderingContext;
  private readonly memory: GpuMemory;

  constructor(gl: WebGL2RenderingContext, memory: GpuMemory) {
    this.gl = gl;
    this.memory = memory;
    const byteTexture = (name: string, internalFormat: number, format: number, channels: number) => {
      const spec: TexelFormat<Uint8Array<ArrayBuffer>> = {
        name,
        internalFormat,
        format,
        type: gl.UNSIGNED_BYTE,
        channels,
        create: bytes,
      };
      return new DataTexture(gl, spec, memory);
    };
    this.positions = new DataTexture(
      gl,
      {
        name: "positions",
        internalFormat: gl.RGBA32F,
        format: gl.RGBA,
        type: gl.FLOAT,
        channels: 4,
        create: (length) => new Float32Array(length),
      },
      memory,
    );
    this.slots = new DataTexture(
      gl,
      {
        name: "slots",
        internalFormat: gl.RG16UI,
        format: gl.RG_INTEGER,
        type: gl.UNSIGNED_SHORT,
        channels: 2,
        create: (length) => new Uint16Array(length),
      },
      memory,
    );
    this.meta = byteTexture("meta", gl.RGBA8UI, gl.RGBA_INTEGER, 4);
    this.state = byteTexture("state", gl.RG8UI, gl.RG_INTEGER, 2);
    this.profiles = byteTexture("profiles", gl.RGBA8UI, gl.RGBA_INTEGER, 4);
    this.palette = gl.createTexture();
  }

  /** The two ends of the movement on the screen: layouts A and B, or a morph's start and goal. */
  writePositions(items: Items): void {
    const { a, b } = items.layout.ends;
    this.positions.ensure(items.numItems);
    this.positions.write(0, items.numItems, (into) => {
      for (let item = 0; item < items.numItems; item++) {
        into[4 * item] = a[2 * item] as number;
        into[4 * item + 1] = a[2 * item + 1] as number;
        into[4 * item + 2] = b[2 * item] as number;
        into[4 * item + 3] = b[2 * item + 1] as number;
      }
    });
  }

  writeMeta(items: Items): void {
    this.meta.ensure(items.numItems);
    this.meta.write(0, items.numItems, (into) => {
      for (let item = 0; item < items.numItems; item++) {
        into[4 * item] = items.aspect[item] as number;
        into[4 * item + 1] = items.rates[item] as number;
        into[4 * item + 2] = items.codesA[item] as number;
        into[4 * item + 3] = items.codesB[item] as number;
      }
    });
  }

  writeState(items: Items): void {
    this.state.ensure(items.numItems);
    this.state.write(0, items.numItems, (into) => {
      for (let item = 0; item < items.numItems; item++) {
        into[2 * item] = items.colours[item] as number;
        into[2 * item + 1] = items.flags[item] as number;
      }
    });
  }

  writeProfiles(items: Items): void {
    const packed = items.packedProfiles();
    if (!packed || !items.profiles) return;
    const texels = items.profiles.numItems * texelsPerProfile(items.profiles.height, items.profiles.width);
    this.profiles.ensure(texels);
    this.profiles.write(0, texels, (into) => into.set(packed));
  }

  /** Slots (2N: of 64 px and of 256 px, 0 = none) of the items from `first` to `end`. */
  writeSlots(slots: Uint16Array, first: number, end: number): void {
    const numItems = slots.length / 2;
    const isNew = this.slots.ensure(numItems);
    this.slots.write(isNew ? 0 : first, isNew ? numItems : end, (into, start, stop) =>
      into.set(slots.subarray(2 * start, 2 * stop)),
    );
  }

  /** RGBA (1024) of 256 entries. */
  writePalette(rgba: Uint8Array): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(rgba));
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    this.memory.bytesUploaded += rgba.byteLength;
    this.memory.hold("palette", rgba.byteLength);
  }
}
