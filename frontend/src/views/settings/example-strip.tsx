import { boxFromProfile, WHOLE_BOX } from "../../lib/profile-boxes";
import { ContainedImage } from "../confirm/contained-image";
import classes from "./crop-rates.module.css";
import type { ExampleImage } from "./use-example-images";

export interface ExampleStripProps {
  examples: readonly ExampleImage[];
  keepPercent: number | null;
  name: string;
}

/** The example images cropped at one rate. */
export function ExampleStrip({ examples, keepPercent, name }: ExampleStripProps) {
  return (
    <ul className={classes.strip} aria-label={`Examples: ${name}`}>
      {examples.map((example) => (
        <li key={example.index}>
          <ContainedImage
            url={example.url}
            box={boxAt(example, keepPercent)}
            aspect={example.aspect}
            alt={`Example ${example.index}`}
          />
        </li>
      ))}
    </ul>
  );
}

function boxAt({ codes, height, width }: ExampleImage, keepPercent: number | null) {
  const isUsable = keepPercent !== null && keepPercent > 0 && keepPercent <= 100;
  if (codes === null || !isUsable) return WHOLE_BOX;
  return boxFromProfile(codes, height, width, keepPercent / 100);
}
