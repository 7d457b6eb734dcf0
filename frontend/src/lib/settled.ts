/** Calls back once after a row of events has ended. */
export function settled(afterMs: number, run: () => void): { later: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const later = () => {
    stop();
    timer = setTimeout(run, afterMs);
  };
  return { later, stop };
}
