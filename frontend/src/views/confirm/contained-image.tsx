import { useMemo } from "react";
import { containBox, type ImagePlacement, type UnitBox } from "../../lib/crop-style";
import classes from "./contained-image.module.css";

const styleOf = ({ width, height, left, top }: ImagePlacement) => ({
  width: `${width}%`,
  height: `${height}%`,
  left: `${left}%`,
  top: `${top}%`,
});

export interface ContainedImageProps {
  url: string;
  box: UnitBox;
  /** Width over height of the image. */
  aspect: number;
  alt?: string;
}

/** All of a box of an image in a square, and nothing else of it: what a person judges must not be cut off. */
export function ContainedImage({ url, box, aspect, alt = "" }: ContainedImageProps) {
  const { window, image } = useMemo(() => containBox(box, aspect), [box, aspect]);
  return (
    <span className={classes.window} style={styleOf(window)}>
      <img src={url} alt={alt} decoding="async" draggable={false} style={styleOf(image)} />
    </span>
  );
}
