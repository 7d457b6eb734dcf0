/** Files dragged over the window, and what was dropped. */
import { useEffect, useRef, useState } from "react";
import { type DroppedEntry, type PickedFile, pickedFromEntries, pickedFromInput } from "../../lib/files";

/** Entries are only there until the event is over, so they are taken before anything is awaited. */
function readDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.() ?? null)
    .filter((entry) => entry !== null) as unknown as DroppedEntry[];
  if (entries.length > 0) return pickedFromEntries(entries);
  return Promise.resolve(pickedFromInput(transfer.files));
}

/** True while files are over the window. */
export function useFileDrop(isEnabled: boolean, onDrop: (reading: Promise<PickedFile[]>) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const drop = useRef(onDrop);
  drop.current = onDrop;

  useEffect(() => {
    let depth = 0; // enter and leave fire for every element that the pointer crosses
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const track = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.type === "dragenter") depth += 1;
      if (event.type === "dragleave") depth -= 1;
      if (event.type === "drop") depth = 0;
      setIsOver(isEnabled && depth > 0);
      if (event.type === "drop" && isEnabled && event.dataTransfer)
        drop.current(readDrop(event.dataTransfer));
    };
    const types = ["dragenter", "dragover", "dragleave", "drop"] as const;
    for (const type of types) window.addEventListener(type, track);
    return () => {
      for (const type of types) window.removeEventListener(type, track);
    };
  }, [isEnabled]);

  return isOver;
}
