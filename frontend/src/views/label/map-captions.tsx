/** Small lines of text that follow what happens on the map. */
import { useStore } from "zustand";
import { formatPercent, formatPlural } from "../../lib/format";
import { shownColour } from "../../lib/palette";
import { useMapBackground } from "../common/map-background";
import classes from "./map-captions.module.css";
import { useProject } from "./project-context";

/** Label and prediction of the image under the pointer. */
export function HoverCaption() {
  const { session, classById } = useProject();
  const background = useMapBackground();
  const index = useStore(session.screen, (screen) => screen.hovered);
  const classId = useStore(session.sync.labels, (state) => (index === null ? 0 : (state.shown[index] ?? 0)));
  const data = useStore(session.map, (state) => state.data);
  if (index === null || !data) return null;

  const label = classById.get(classId);
  const predicted = classById.get(data.predictedClass?.[index] ?? 0);
  const confidence = (data.confidence?.[index] ?? 0) / 255;
  return (
    <div className={`${classes.caption} num`} data-testid="hover-caption">
      <span className={classes.faint}>#{index}</span>
      {label ? (
        <span className={classes.label}>
          <i style={{ background: shownColour(label.colour, background) }} /> {label.name}
        </span>
      ) : (
        <span className={classes.faint}>no label</span>
      )}
      {predicted && (
        <span className={classes.dim}>
          predicted {predicted.name} {formatPercent(confidence, 0)}
        </span>
      )}
    </div>
  );
}

/** How many images the outline holds while it is drawn. */
export function DrawnCount() {
  const { session } = useProject();
  const count = useStore(session.screen, (screen) => screen.drawnCount);
  if (count === null) return null;
  return (
    <div className={`${classes.caption} ${classes.count} num`} role="status" data-testid="drawn-count">
      {formatPlural(count, "image")}
    </div>
  );
}
