import { VisuallyHidden } from "@mantine/core";
import { useStore } from "zustand";
import { formatPercent } from "../../lib/format";
import { useProject } from "./project-context";

/** Tells a screen reader of the image that the arrow keys moved to. */
export function MapAnnouncer() {
  const { session, classById } = useProject();
  const index = useStore(session.screen, (screen) => screen.focused);
  const classId = useStore(session.sync.labels, (state) => (index === null ? 0 : (state.shown[index] ?? 0)));
  const isSelected = useStore(
    session.selection,
    (selection) => index !== null && selection.indexes.includes(index),
  );
  const data = useStore(session.map, (state) => state.data);
  let text = "";
  if (index !== null && data) {
    const label = classById.get(classId);
    const predicted = classById.get(data.predictedClass?.[index] ?? 0);
    const parts = [
      `Image ${index} of ${data.numImages}`,
      label ? `labelled ${label.name}` : "no label",
      predicted && `predicted ${predicted.name}, ${formatPercent((data.confidence?.[index] ?? 0) / 255, 0)}`,
      isSelected && "selected",
    ];
    text = parts.filter(Boolean).join(", ");
  }
  return (
    <VisuallyHidden aria-live="polite" role="status" data-testid="map-announcer">
      {text}
    </VisuallyHidden>
  );
}
