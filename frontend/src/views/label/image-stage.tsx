import { type CSSProperties, type ReactNode, useMemo, useState } from "react";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import type { ImageDetail } from "../../api/types";
import type { UnitBox } from "../../lib/crop-style";
import { marginalsOf } from "../../lib/marginals";
import { retentionLabel } from "../../lib/retention";
import type { MapData } from "../../state/map-data";
import { WHOLE_IMAGE } from "../../state/view";
import { BOX_RETENTIONS, type ImageLook } from "./image-look";
import classes from "./image-stage.module.css";
import { useProject, useView } from "./project-context";
import { boxOf } from "./selection-tile";

export interface ImageStageProps {
  index: number;
  image: ImageDetail | null;
  look: ImageLook;
  /** The saliency overlay. */
  children?: ReactNode;
}

/** The image with its saliency and boxes; beside it how its attention is spread over either side. */
export function ImageStage({ index, image, look, children }: ImageStageProps) {
  const { session, project } = useProject();
  const data = useStore(session.map, (state) => state.data);
  const view = useView((state) => state.retentions[state.layout]);
  const retention = view === WHOLE_IMAGE ? project.retention : view;
  const marginals = useMemo(() => profileOf(data, index), [data, index]);
  const [hasFailed, setHasFailed] = useState<number | null>(null);
  const shown = look.hasAllBoxes ? BOX_RETENTIONS : [retention];

  return (
    <div className={classes.stage}>
      <div
        className={classes.frame}
        style={image ? ({ "--aspect": image.width / image.height } as CSSProperties) : undefined}
      >
        {hasFailed === index ? (
          <p className={classes.failed}>The browser cannot show this file. Its thumbnail is on the map.</p>
        ) : (
          <img
            src={imageUrl(session.projectId, index, "original")}
            alt={image ? image.path : `Image ${index}`}
            onError={() => setHasFailed(index)}
          />
        )}
        {look.hasSaliency && children}
        {look.hasBox && marginals && (
          <div className={classes.shade}>
            {shown.map((each) => (
              <CropBox
                key={each}
                box={boxOf(data, index, each)}
                retention={each}
                isOneOfMany={look.hasAllBoxes}
                hasShade={!look.hasAllBoxes && !look.hasSaliency}
              />
            ))}
          </div>
        )}
        {look.hasBox && marginals && (
          <>
            <Strip values={marginals.x} side="bottom" />
            <Strip values={marginals.y} side="right" />
          </>
        )}
      </div>
    </div>
  );
}

interface CropBoxProps {
  box: UnitBox;
  retention: number;
  isOneOfMany: boolean;
  hasShade: boolean;
}

function CropBox({ box: [x1, y1, x2, y2], retention, isOneOfMany, hasShade }: CropBoxProps) {
  const percent = (value: number) => `${100 * value}%`;
  return (
    <span
      className={classes.box}
      style={{ left: percent(x1), top: percent(y1), width: percent(x2 - x1), height: percent(y2 - y1) }}
      data-many={isOneOfMany}
      data-shade={hasShade}
      data-testid="crop-box"
      data-retention={retention}
    >
      {isOneOfMany && <i className="num">{retentionLabel(retention)}</i>}
    </span>
  );
}

function profileOf(data: MapData | null, index: number) {
  const { profiles, profileShape } = data ?? {};
  if (!profiles || !profileShape) return null;
  return marginalsOf(profiles, profileShape, index);
}

/** Bars along one side of the image, as high as the attention there. */
function Strip({ values, side }: { values: readonly number[]; side: "bottom" | "right" }) {
  return (
    <div className={classes.strip} data-side={side} aria-hidden="true">
      {values.map((value, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity
          key={at}
          style={side === "bottom" ? { height: `${100 * value}%` } : { width: `${100 * value}%` }}
        />
      ))}
    </div>
  );
}
