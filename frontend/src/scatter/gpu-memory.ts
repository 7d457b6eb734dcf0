/** What the map holds on the GPU and has sent there, in bytes. */
export class GpuMemory {
  bytesUploaded = 0;
  private readonly held = new Map<string, number>();

  hold(name: string, bytes: number): void {
    this.held.set(name, bytes);
  }

  get gpuBytes(): number {
    let sum = 0;
    for (const bytes of this.held.values()) sum += bytes;
    return sum;
  }
}
