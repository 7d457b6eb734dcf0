/** What may be exported and how, and its addresses: for the browser, and for a program's command line. */
import type { ExportRequest } from "../api/types";

export type ExportFormat = NonNullable<ExportRequest["format"]>;
export type Pictures = NonNullable<ExportRequest["pictures"]>;
export type Labelled = NonNullable<ExportRequest["labelled"]>;

export interface FormatChoice {
  value: ExportFormat;
  title: string;
  /** What is in it, and what reads it. */
  detail: string;
  suffix: string;
  /** Picture files go in: the size of the download depends on them. */
  hasPictures?: boolean;
  /** Cropped pictures make sense: the format has no boxes in pixels of the whole picture. */
  mayCrop?: boolean;
  /** Divided into training and validation. */
  hasSplits?: boolean;
  /** One class an image: predictions may stand in for missing labels. */
  hasOneClass?: boolean;
}

export const FORMATS: readonly FormatChoice[] = [
  {
    value: "csv",
    title: "CSV",
    detail: "A line an image: label, who and when, agreement, prediction, weak box. For spreadsheets.",
    suffix: "csv",
  },
  {
    value: "jsonl",
    title: "JSON lines",
    detail: "The same with types: everybody's labels and the provenance as objects.",
    suffix: "jsonl",
  },
  {
    value: "parquet",
    title: "Parquet",
    detail: "The same as typed columns, for pandas, Polars, DuckDB and Spark.",
    suffix: "parquet",
  },
  {
    value: "imagefolder",
    title: "ImageFolder",
    detail: "Picture files in split/class/ folders, whole or cropped. For torchvision and Keras.",
    suffix: "zip",
    hasPictures: true,
    mayCrop: true,
    hasSplits: true,
    hasOneClass: true,
  },
  {
    value: "huggingface",
    title: "Hugging Face imagefolder",
    detail: "Pictures with a metadata.jsonl: labels, predictions and weak boxes. For the datasets library.",
    suffix: "zip",
    hasPictures: true,
    mayCrop: true,
    hasSplits: true,
    hasOneClass: true,
  },
  {
    value: "coco",
    title: "COCO JSON",
    detail: "Classes, image labels and weak boxes, marked as weak. Pictures stay on the server.",
    suffix: "json",
    hasOneClass: true,
  },
  {
    value: "voc",
    title: "Pascal VOC",
    detail: "An XML file an image, pictures as JPEG, lists of both splits.",
    suffix: "zip",
    hasPictures: true,
    hasSplits: true,
    hasOneClass: true,
  },
  {
    value: "yolo_detect",
    title: "YOLO detection",
    detail: "Pictures, label files with weak boxes, and data.yaml. Needs a model.",
    suffix: "zip",
    hasPictures: true,
    hasSplits: true,
    hasOneClass: true,
  },
  {
    value: "yolo_classify",
    title: "YOLO classification",
    detail: "Pictures in split/class/ folders, whole or cropped.",
    suffix: "zip",
    hasPictures: true,
    mayCrop: true,
    hasSplits: true,
    hasOneClass: true,
  },
  {
    value: "label_studio",
    title: "Label Studio",
    detail: "Tasks with everybody's annotations, and predictions with weak boxes.",
    suffix: "json",
  },
  {
    value: "label_studio_config",
    title: "Label Studio interface",
    detail: "The labeling interface that those tasks fit.",
    suffix: "xml",
  },
  {
    value: "fiftyone",
    title: "FiftyOne",
    detail: "A dataset for fiftyone.Dataset.from_json: labels, predictions and weak boxes as fields.",
    suffix: "json",
  },
];

export function formatOf(value: ExportFormat): FormatChoice {
  const found = FORMATS.find((choice) => choice.value === value);
  if (!found) throw new Error(`no export format ${value}`);
  return found;
}

/** More pictures than this are not streamed; the server refuses. */
export const MAX_PICTURES_STREAMED = 2_000;

/** True when the file must be made by a job. */
export function needsJob({ format = "csv", pictures = "whole" }: ExportRequest, numImages: number): boolean {
  return Boolean(formatOf(format).hasPictures) && pictures !== "none" && numImages > MAX_PICTURES_STREAMED;
}

/** Only what the format knows: a picture option in a table's address would mean nothing. */
export function relevantOptions(options: ExportRequest): ExportRequest {
  const choice = formatOf(options.format ?? "csv");
  const { pictures, validation_share, fill_with_predictions, ...rest } = options;
  return {
    ...rest,
    ...(choice.hasPictures && { pictures: pictures === "cropped" && !choice.mayCrop ? "whole" : pictures }),
    ...(choice.hasSplits && { validation_share }),
    ...(choice.hasOneClass && fill_with_predictions && { fill_with_predictions }),
  };
}

export function exportUrl(projectId: number, options: ExportRequest): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(relevantOptions(options))) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== "") query.append(name, String(item));
    }
  }
  return `/api/v1/projects/${projectId}/export?${query}`;
}

export function exportCommand(projectId: number, options: ExportRequest, origin: string): string {
  const header = '-H "Authorization: Bearer $TOKEN"';
  const { suffix } = formatOf(options.format ?? "csv");
  return `curl -fL ${header} "${origin}${exportUrl(projectId, options)}" -o export.${suffix}`;
}
