/** Errors of the map renderer. `code` is stable; `message` is for a person. */

export class ScatterError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "ScatterError";
    this.code = code;
  }
}

/** The browser gives no WebGL2 context, or the device refuses what the map needs. */
export class WebGlUnavailable extends ScatterError {
  constructor(reason: string) {
    super("webgl_unavailable", `The map needs WebGL2, which this browser does not give: ${reason}`);
    this.name = "WebGlUnavailable";
  }
}

/** An array of the wrong length or a number out of range; the message gives the value and the limit. */
export class InvalidScatterData extends ScatterError {
  constructor(message: string) {
    super("invalid_scatter_data", message);
    this.name = "InvalidScatterData";
  }
}

/** Raises unless `array` holds `expected` numbers. */
export function checkLength(name: string, array: { readonly length: number }, expected: number): void {
  if (array.length !== expected) {
    throw new InvalidScatterData(`${name} holds ${array.length} numbers, expected ${expected}`);
  }
}

/** Raises unless `low <= value <= high` (NaN raises too). */
export function checkRange(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new InvalidScatterData(`${name} is ${value}, expected a number from ${low} to ${high}`);
  }
}
