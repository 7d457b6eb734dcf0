import { useMemo } from "react";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import { aspectFromByte, WHOLE_BOX } from "../../lib/crop-style";
import { useProject } from "../label/project-context";
import { boxOf } from "../label/selection-tile";
import { ContainedImage } from "./contained-image";
import classes from "./pick-grid.module.css";

export interface PickTileProps {
  id: string;
  index: number;
  position: number;
  count: number;
  /** "98.2", or nothing. */
  note: string;
  isCropped: boolean;
  isPicked: boolean;
  isActive: boolean;
}

/** Retention of an image: its own crop rate where it has one. */
function rateOf(code: number | undefined, retention: number): number {
  return code ? code / 255 : retention;
}

/** One image of a page. The grid handles pointer and keys. */
export function PickTile(props: PickTileProps) {
  const { id, index, position, count, note, isCropped, isPicked, isActive } = props;
  const { session, project } = useProject();
  const data = useStore(session.map, (state) => state.data);
  const aspect = aspectFromByte(data?.aspect?.[index] ?? 128);
  const box = useMemo(
    () => (isCropped ? boxOf(data, index, rateOf(data?.cropRates?.[index], project.retention)) : WHOLE_BOX),
    [data, index, isCropped, project.retention],
  );
  return (
    <div
      id={id}
      className={classes.tile}
      role="option"
      tabIndex={-1}
      aria-selected={isPicked}
      aria-setsize={count}
      aria-posinset={position + 1}
      aria-label={`Image ${index}${note ? `, ${note} % sure` : ""}`}
      data-picked={isPicked}
      data-active={isActive}
      data-index={index}
      data-position={position}
      data-testid="pick-tile"
    >
      <ContainedImage url={imageUrl(session.projectId, index, "thumbnail")} box={box} aspect={aspect} />
      {note && <span className={`${classes.note} num`}>{note}</span>}
    </div>
  );
}
