/** Which unreadable images still wait to be tried again. */
import type { UnreadableImage } from "../../api/types";

type Tried = Pick<UnreadableImage, "noted_at">;

/** When the last of them was tried, in milliseconds; 0 for none. */
export function lastTry(images: readonly Tried[]): number {
  return Math.max(0, ...images.map(({ noted_at }) => Date.parse(noted_at)));
}

/** Whether one was not tried since `asked`, the last try before people asked for another; null: nobody asked. */
export function isWaiting(images: readonly Tried[], asked: number | null): boolean {
  return asked !== null && images.some(({ noted_at }) => Date.parse(noted_at) <= asked);
}
