/** WebGL2 context and programs; failures become typed errors. */
import { ScatterError, WebGlUnavailable } from "./errors";

export function createContext(
  canvas: HTMLCanvasElement,
  preserveDrawingBuffer: boolean,
): WebGL2RenderingContext {
  const gl = canvas.getContext("webgl2", {
    alpha: false,
    antialias: false,
    depth: true,
    stencil: false,
    powerPreference: "high-performance",
    preserveDrawingBuffer,
  });
  if (!gl) throw new WebGlUnavailable("no WebGL2 context");
  const vertexTextures = gl.getParameter(gl.MAX_VERTEX_TEXTURE_IMAGE_UNITS) as number;
  if (vertexTextures < 8)
    throw new WebGlUnavailable(`${vertexTextures} textures in a vertex shader, needs 8`);
  return gl;
}

/** A linked program and its uniforms by name. */
export interface Program {
  readonly program: WebGLProgram;
  readonly uniforms: ReadonlyMap<string, WebGLUniformLocation>;
}

export function buildProgram(
  gl: WebGL2RenderingContext,
  vertexSource: string,
  fragmentSource: string,
): Program {
  const program = gl.createProgram();
  const shaders = [
    compile(gl, gl.VERTEX_SHADER, vertexSource),
    compile(gl, gl.FRAGMENT_SHADER, fragmentSource),
  ];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new ScatterError("shader_failed", `Program does not link: ${gl.getProgramInfoLog(program)}`);
  }
  for (const shader of shaders) gl.deleteShader(shader);
  const uniforms = new Map<string, WebGLUniformLocation>();
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) as number;
  for (let k = 0; k < count; k++) {
    const name = gl.getActiveUniform(program, k)?.name;
    const location = name === undefined ? null : gl.getUniformLocation(program, name);
    if (name !== undefined && location) uniforms.set(name, location);
  }
  return { program, uniforms };
}

function compile(gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader {
  const shader = gl.createShader(kind);
  if (!shader) throw new WebGlUnavailable("the context is lost");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new ScatterError("shader_failed", `Shader does not compile: ${gl.getShaderInfoLog(shader)}`);
  }
  return shader;
}

/** `#rrggbb` as three numbers from 0 to 1. */
export function parseColour(colour: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!match) throw new ScatterError("invalid_colour", `colour is "${colour}", expected #rrggbb`);
  return [1, 2, 3].map((k) => Number.parseInt(match[k] as string, 16) / 255) as [number, number, number];
}
