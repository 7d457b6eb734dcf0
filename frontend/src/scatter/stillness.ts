/** Whether the viewer asked the system for less motion: what would glide then jumps. */

const QUERY = "(prefers-reduced-motion: reduce)";
const wish = typeof matchMedia === "function" ? matchMedia(QUERY) : null;

export function prefersStillness(): boolean {
  return wish?.matches ?? false;
}
