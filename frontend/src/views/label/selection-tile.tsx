import { memo, useMemo } from "react";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import { aspectFromByte, coverWithBox, type UnitBox } from "../../lib/crop-style";
import { shownColour } from "../../lib/palette";
import { boxFromProfile, WHOLE_BOX } from "../../lib/profile-boxes";
import type { TileShow } from "../../state/grid";
import type { MapData } from "../../state/map-data";
import { WHOLE_IMAGE } from "../../state/view";
import { useMapBackground } from "../common/map-background";
import { useProject, useView } from "./project-context";
import classes from "./selection-tile.module.css";

/** The box of one image at the retention in force; the whole image before a model. */
export function boxOf(data: MapData | null, index: number, retention: number) {
  const { profiles, profileShape } = data ?? {};
  if (!profiles || !profileShape || retention === WHOLE_IMAGE) return WHOLE_BOX;
  const { height, width } = profileShape;
  const offset = index * (height + width);
  if (offset + height + width > profiles.length) return WHOLE_BOX;
  return boxFromProfile(profiles, height, width, retention, offset);
}

/** From this side on a tile has room for the name of the predicted class. */
const NAME_FROM_PX = 110;

export interface SelectionTileProps {
  id: string;
  index: number;
  position: number;
  count: number;
  sizePx: number;
  show: TileShow;
  isOut: boolean;
  isActive: boolean;
  isFlagged: boolean;
}

/** One image of the grid with its label, prediction and confidence. The grid handles pointer and keys. */
export const SelectionTile = memo(function SelectionTile(props: SelectionTileProps) {
  const { id, index, position, count, sizePx, show, isOut, isActive, isFlagged } = props;
  const { session, project, classById } = useProject();
  const background = useMapBackground();
  const data = useStore(session.map, (state) => state.data);
  const label = classById.get(useStore(session.sync.labels, (state) => state.shown[index] ?? 0));
  const viewRetention = useView((view) => view.retentions[view.layout]);
  const predicted = classById.get(data?.predictedClass?.[index] ?? 0);
  const percent = Math.round((100 * (data?.confidence?.[index] ?? 0)) / 255);
  const cropRetention = viewRetention === WHOLE_IMAGE ? project.retention : viewRetention;
  const whole = show === "whole" || show === "both" || (show === "map" && viewRetention === WHOLE_IMAGE);
  const wholeBox = WHOLE_BOX;
  const cropBox = useMemo(() => boxOf(data, index, cropRetention), [data, index, cropRetention]);
  const aspect = aspectFromByte(data?.aspect?.[index] ?? 128);
  const said = [
    `Image ${index}`,
    label ? `labelled ${label.name}` : "no label",
    ...(predicted ? [`predicted ${predicted.name} ${percent} %`] : []),
    ...(isOut ? ["left out"] : []),
  ].join(", ");

  return (
    <div
      id={id}
      className={classes.tile}
      style={{ height: sizePx }}
      role="option"
      tabIndex={-1}
      aria-selected={!isOut}
      aria-label={said}
      aria-setsize={count}
      aria-posinset={position + 1}
      data-out={isOut}
      data-active={isActive}
      data-flagged={isFlagged}
      data-testid="selection-tile"
      data-index={index}
      data-position={position}
    >
      <Picture index={index} box={whole ? wholeBox : cropBox} aspect={aspect} />
      {show === "both" && <Picture index={index} box={cropBox} aspect={aspect} isRight />}
      {predicted && (
        <span className={`${classes.guess} num`}>
          <i style={{ background: shownColour(predicted.colour, background) }} />
          {sizePx >= NAME_FROM_PX && <span className="truncate">{predicted.name}</span>}
          <b>{percent}</b>
        </span>
      )}
      {label && (
        <span className={classes.label} style={{ background: shownColour(label.colour, background) }} />
      )}
    </div>
  );
});

interface PictureProps {
  index: number;
  box: UnitBox;
  aspect: number;
  isRight?: boolean;
}

function Picture({ index, box, aspect, isRight = false }: PictureProps) {
  const { session } = useProject();
  const place = useMemo(() => coverWithBox(box, aspect), [box, aspect]);
  return (
    <span className={classes.picture} data-right={isRight}>
      <img
        src={imageUrl(session.projectId, index, "thumbnail")}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        style={{
          width: `${place.width}%`,
          height: `${place.height}%`,
          left: `${place.left}%`,
          top: `${place.top}%`,
        }}
      />
    </span>
  );
}
