import { UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMemo } from "react";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import { aspectFromByte, coverWithBox } from "../../lib/crop-style";
import { shownColour } from "../../lib/palette";
import { boxFromProfile, WHOLE_BOX } from "../../lib/profile-boxes";
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

export interface SelectionTileProps {
  index: number;
  sizePx: number;
  onDrop: () => void;
}

export function SelectionTile({ index, sizePx, onDrop }: SelectionTileProps) {
  const { session, classById } = useProject();
  const background = useMapBackground();
  const data = useStore(session.map, (state) => state.data);
  const classId = useStore(session.sync.labels, (state) => state.shown[index] ?? 0);
  const retention = useView((view) => view.retentions[view.layout]);
  const label = classById.get(classId);
  const place = useMemo(() => {
    const aspect = aspectFromByte(data?.aspect?.[index] ?? 128);
    return coverWithBox(boxOf(data, index, retention), aspect);
  }, [data, index, retention]);

  const open = () => session.screen.setState({ openImage: index });
  return (
    <UnstyledButton
      className={classes.tile}
      style={{ width: sizePx, height: sizePx }}
      onClick={onDrop}
      onContextMenu={(event) => {
        event.preventDefault();
        open();
      }}
      aria-label={`Take image ${index}${label ? `, labelled ${label.name},` : ""} out of the selection`}
      title="Click takes it out, right click opens it"
      data-testid="selection-tile"
      data-index={index}
    >
      <img
        src={imageUrl(session.projectId, index, "thumbnail")}
        alt=""
        loading="lazy"
        draggable={false}
        style={{
          width: `${place.width}%`,
          height: `${place.height}%`,
          left: `${place.left}%`,
          top: `${place.top}%`,
        }}
      />
      {label && (
        <span className={classes.label} style={{ background: shownColour(label.colour, background) }} />
      )}
      <span className={classes.drop}>
        <IconX size={12} stroke={2.5} />
      </span>
    </UnstyledButton>
  );
}
