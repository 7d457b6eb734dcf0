import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { saliencyQuery } from "../../api/array-queries";
import { saliencyPixels } from "../../lib/saliency-picture";
import classes from "./image-stage.module.css";
import { useProject } from "./project-context";

export interface SaliencyOverlayProps {
  index: number;
  modelVersion: number;
  classId: number;
  /** In [0, 1]. */
  opacity: number;
}

/** Where the model looks for a class, over the image. */
export function SaliencyOverlay({ index, modelVersion, classId, opacity }: SaliencyOverlayProps) {
  const { session } = useProject();
  const { data } = useQuery(saliencyQuery(session.projectId, index, modelVersion, classId));
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!data || !context) return;
    context.putImageData(new ImageData(saliencyPixels(data.codes), data.width, data.height), 0, 0);
  }, [data]);
  if (!data) return null;
  return (
    <canvas
      ref={canvas}
      className={classes.saliency}
      width={data.width}
      height={data.height}
      style={{ opacity }}
      data-testid="saliency"
      data-class-id={classId}
    />
  );
}
