// Generated from the OpenAPI document by `npm run types`. Do not edit.

export const ChunkInLimits = {
  offset: { minimum: 0 },
  path: { minLength: 1, maxLength: 4096 },
  total: { exclusiveMinimum: 0 },
} as const;

export const ClassInLimits = {
  name: { minLength: 1, maxLength: 100 },
} as const;

export const ClassOrderInLimits = {
  class_ids: { maxItems: 100000 },
} as const;

export const ClassPatchLimits = {
  name: { minLength: 1, maxLength: 100 },
  position: { minimum: 0, maximum: 100000 },
} as const;

export const ExportInLimits = {
  annotator: { maxItems: 100 },
  class_id: { maxItems: 1000 },
  columns: { maxItems: 21 },
  crop_rates: { minimum: 0 },
  model_version: { minimum: 0 },
  num_images: { minimum: 0 },
  path_prefix: { maxLength: 1024 },
  retention: { maximum: 1, exclusiveMinimum: 0 },
  sequence: { minimum: 0 },
  validation_share: { minimum: 0, maximum: 0.9 },
} as const;

export const ImportInLimits = {
  bucket: { maxLength: 255 },
  folder: { maxLength: 4096 },
  name: { minLength: 1, maxLength: 255 },
  prefix: { maxLength: 1024 },
} as const;

export const InvitationInLimits = {
  expires_in_days: { minimum: 1, maximum: 30 },
} as const;

export const LabelActionInLimits = {
  image_indexes: { minItems: 1, maxItems: 1000000 },
} as const;

export const LabelTheRestInLimits = {
  precision: { minimum: 0.5, maximum: 0.999 },
} as const;

export const NeighboursInLimits = {
  image_indexes: { minItems: 1, maxItems: 100000 },
  num: { minimum: 1, maximum: 10000 },
} as const;

export const OddnessInLimits = {
  image_indexes: { minItems: 1, maxItems: 1000000 },
} as const;

export const ProjectInLimits = {
  input_size_px: { minimum: 64, maximum: 640 },
  labels_per_class_to_train: { minimum: 2, maximum: 100000 },
  name: { minLength: 1, maxLength: 200 },
  provisional_labels_per_class: { minimum: 2, maximum: 100000 },
  retention: { maximum: 1, exclusiveMinimum: 0 },
  retrain_percent: { minimum: 1, maximum: 1000 },
} as const;

export const ProjectPatchLimits = {
  input_size_px: { minimum: 64, maximum: 640 },
  labels_per_class_to_train: { minimum: 2, maximum: 100000 },
  name: { minLength: 1, maxLength: 200 },
  provisional_labels_per_class: { minimum: 2, maximum: 100000 },
  retention: { maximum: 1, exclusiveMinimum: 0 },
  retrain_percent: { minimum: 1, maximum: 1000 },
} as const;

export const ProviderInLimits = {
  next: { maxLength: 500 },
  provider: { maxLength: 100 },
} as const;

export const RemovalInLimits = {
  image_indexes: { minItems: 1, maxItems: 1000000 },
} as const;

export const RestoreInLimits = {
  image_indexes: { minItems: 1, maxItems: 1000000 },
  import_id: { minimum: 0 },
  removal_id: { minimum: 0 },
} as const;

export const SavedViewInLimits = {
  name: { minLength: 1, maxLength: 60 },
  search: { maxLength: 2000 },
} as const;

export const TokenInLimits = {
  name: { minLength: 1, maxLength: 100 },
} as const;

export const UserInLimits = {
  email: { maxLength: 254 },
  password: { minLength: 1, maxLength: 1024 },
  username: { minLength: 1, maxLength: 150 },
} as const;

export const WebhookInLimits = {
  events: { minItems: 1, maxItems: 5 },
  url: { minLength: 1, maxLength: 1000 },
} as const;

export const WebhookPatchLimits = {
  events: { minItems: 1, maxItems: 5 },
  url: { minLength: 1, maxLength: 1000 },
} as const;
