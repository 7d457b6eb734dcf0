import { ActionIcon, NumberInput, SegmentedControl, Slider, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { formatCount } from "../../lib/format";
import classes from "./crop-rates.module.css";
import type { RateDraft } from "./crop-rates-draft";
import { ExampleStrip } from "./example-strip";
import type { ExampleImage } from "./use-example-images";

const TIGHTEST_PERCENT = 50;
const FIRST_CROP_PERCENT = 95;

export interface CropRateRowProps {
  rate: RateDraft;
  examples: readonly ExampleImage[];
  numImages: number;
  isReadOnly: boolean;
  isOnly: boolean;
  onChange: (change: Partial<RateDraft>) => void;
  onRemove: () => void;
}

/** One rate: whole or how much is kept, its share, and examples cropped so. */
export function CropRateRow(props: CropRateRowProps) {
  const { rate, examples, numImages, isReadOnly, isOnly, onChange, onRemove } = props;
  const { keepPercent, sharePercent } = rate;
  const about = Math.round((numImages * sharePercent) / 100);
  const name = keepPercent === null ? "Whole image" : `Crop that keeps ${keepPercent} %`;
  return (
    <div className={classes.row} data-testid="crop-rate">
      <div className={classes.controls}>
        <SegmentedControl
          size="xs"
          value={keepPercent === null ? "whole" : "crop"}
          disabled={isReadOnly}
          onChange={(value) => onChange({ keepPercent: value === "whole" ? null : FIRST_CROP_PERCENT })}
          data={[
            { value: "whole", label: "Whole" },
            { value: "crop", label: "Crop" },
          ]}
          aria-label="Whole or crop"
        />
        <div className={classes.keep}>
          {keepPercent !== null && (
            <>
              <Slider
                className={classes.slider}
                size={3}
                min={TIGHTEST_PERCENT}
                max={99}
                value={Math.max(TIGHTEST_PERCENT, Math.min(99, keepPercent))}
                onChange={(value) => onChange({ keepPercent: value })}
                disabled={isReadOnly}
                label={null}
                thumbLabel="Attention kept"
              />
              <NumberInput
                w={104}
                value={keepPercent}
                onChange={(value) => onChange({ keepPercent: Number(value) })}
                min={1}
                max={100}
                decimalScale={2}
                prefix="keeps "
                suffix=" %"
                hideControls
                readOnly={isReadOnly}
                aria-label="Attention kept in percent"
                data-testid="crop-rate-keep"
              />
            </>
          )}
        </div>
        <NumberInput
          w={142}
          value={sharePercent}
          onChange={(value) => onChange({ sharePercent: Number(value) })}
          min={0}
          max={100}
          step={5}
          decimalScale={2}
          suffix=" % of images"
          readOnly={isReadOnly}
          error={!(sharePercent > 0 && sharePercent <= 100)}
          aria-label="Share of the images in percent"
          data-testid="crop-rate-share"
        />
        <span className={`${classes.about} num`}>about {formatCount(about)}</span>
        {!isReadOnly && (
          <Tooltip label="Remove this rate">
            <ActionIcon onClick={onRemove} disabled={isOnly} aria-label={`Remove: ${name}`}>
              <IconTrash size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <ExampleStrip examples={examples} keepPercent={keepPercent} name={name} />
    </div>
  );
}
