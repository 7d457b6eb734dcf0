import { type CSSProperties, useMemo, useState } from "react";
import { useStore } from "zustand";
import { imageUrl } from "../../api/queries";
import type { ImageDetail } from "../../api/types";
import { marginalsOf } from "../../lib/marginals";
import type { MapData } from "../../state/map-data";
import classes from "./image-stage.module.css";
import { useProject, useView } from "./project-context";
import { boxOf } from "./selection-tile";

export interface ImageStageProps {
  index: number;
  image: ImageDetail | null;
  isAttentionShown: boolean;
}

/** The image with the box of the retention in force; beside it how its attention is spread over either side. */
export function ImageStage({ index, image, isAttentionShown }: ImageStageProps) {
  const { session, project } = useProject();
  const data = useStore(session.map, (state) => state.data);
  const view = useView((state) => state);
  const retention = view.retentions[view.layout] === 1 ? project.retention : view.retentions[view.layout];
  const [x1, y1, x2, y2] = useMemo(() => boxOf(data, index, retention), [data, index, retention]);
  const marginals = useMemo(() => profileOf(data, index), [data, index]);
  const [hasFailed, setHasFailed] = useState<number | null>(null);
  const percent = (value: number) => `${100 * value}%`;
  const isShown = isAttentionShown && marginals !== null;

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
        {isShown && (
          <>
            <div className={classes.shade}>
              <span
                className={classes.box}
                style={{
                  left: percent(x1),
                  top: percent(y1),
                  width: percent(x2 - x1),
                  height: percent(y2 - y1),
                }}
                data-testid="crop-box"
              />
            </div>
            <Strip values={marginals.x} side="bottom" />
            <Strip values={marginals.y} side="right" />
          </>
        )}
      </div>
    </div>
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
