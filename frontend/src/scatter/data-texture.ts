/** A texture used as an array of items: rows of `DATA_TEXTURE_WIDTH` texels, read by `texelFetch`. */
import { DATA_TEXTURE_WIDTH } from "./defaults";
import { ScatterError } from "./errors";
import type { GpuMemory } from "./gpu-memory";

export type Texels = Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

export interface TexelFormat<T extends Texels> {
  readonly name: string;
  readonly internalFormat: number;
  readonly format: number;
  readonly type: number;
  readonly channels: number;
  readonly create: (length: number) => T;
}

/** Rows are taken with some to spare, so that an import that goes on does not make a new texture each time. */
const SPARE = 1.5;

export class DataTexture<T extends Texels> {
  readonly texture: WebGLTexture;
  private readonly gl: WebGL2RenderingContext;
  private readonly format: TexelFormat<T>;
  private readonly memory: GpuMemory;
  private numRows = 0;

  constructor(gl: WebGL2RenderingContext, format: TexelFormat<T>, memory: GpuMemory) {
    this.gl = gl;
    this.format = format;
    this.memory = memory;
    this.texture = gl.createTexture();
    this.resize(1);
  }

  /** Room for texels 0..count; true when the texture was made anew and everything must be written again. */
  ensure(count: number): boolean {
    const rows = Math.max(1, Math.ceil(count / DATA_TEXTURE_WIDTH));
    if (rows <= this.numRows) return false;
    this.resize(this.numRows <= 1 ? rows : Math.max(rows, Math.ceil(this.numRows * SPARE)));
    return true;
  }

  /** Writes texels first..end; `fill` gets an array for whole rows and the texel that it starts with. */
  write(first: number, end: number, fill: (into: T, start: number, stop: number) => void): void {
    if (end <= first) return;
    const { gl, format } = this;
    const firstRow = Math.floor(first / DATA_TEXTURE_WIDTH);
    const numRows = Math.ceil(end / DATA_TEXTURE_WIDTH) - firstRow;
    const start = firstRow * DATA_TEXTURE_WIDTH;
    const texels = format.create(numRows * DATA_TEXTURE_WIDTH * format.channels);
    fill(texels, start, start + numRows * DATA_TEXTURE_WIDTH);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texSubImage2D(
      gl.TEXTURE_2D,
      0,
      0,
      firstRow,
      DATA_TEXTURE_WIDTH,
      numRows,
      format.format,
      format.type,
      texels,
    );
    this.memory.bytesUploaded += texels.byteLength;
  }

  private resize(numRows: number): void {
    const { gl, format } = this;
    const limit = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    if (numRows > limit) {
      throw new ScatterError(
        "too_many_items",
        `${format.name} needs ${numRows} texture rows, the device gives ${limit}`,
      );
    }
    const { texture } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      format.internalFormat,
      DATA_TEXTURE_WIDTH,
      numRows,
      0,
      format.format,
      format.type,
      null,
    );
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
    this.numRows = numRows;
    this.memory.hold(
      format.name,
      numRows * DATA_TEXTURE_WIDTH * format.channels * format.create(1).BYTES_PER_ELEMENT,
    );
  }
}
