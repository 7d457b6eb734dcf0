/** Short names for the generated types. Nothing here describes a server shape by hand. */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type Session = Schemas["SessionOut"];
export type User = Schemas["UserOut"];
export type Token = Schemas["TokenOut"];
export type TokenCreated = Schemas["TokenCreated"];
export type Backbone = Schemas["BackboneOut"];
export type Project = Schemas["ProjectOut"];
export type SaliencyMethod = Schemas["SaliencyMethod"];
export type ModelSummary = Schemas["ModelSummary"];
export type ModelVersion = Schemas["ModelOut"];
export type Member = Schemas["MemberOut"];
export type LabelClass = Schemas["ClassOut"];
export type ClassPatch = Schemas["ClassPatch"];
export type Import = Schemas["ImportOut"];
export type ImportEntry = Schemas["EntryOut"];
export type UploadAnswer = Schemas["UploadOut"];
export type ExportRequest = Partial<Schemas["ExportIn"]>;
export type ExportFile = Schemas["ExportOut"];
export type MapManifest = Schemas["MapOut"];
export type ArrayRef = Schemas["ArrayRef"];
export type ProjectionRef = Schemas["ProjectionRef"];
export type ImageDetail = Schemas["ImageOut"];
export type ImagePrediction = Schemas["ImagePrediction"];
export type LabelActionRequest = Schemas["LabelActionIn"];
export type Provenance = Schemas["Provenance"];
export type LabelAction = Schemas["LabelActionOut"];
export type LabelChange = Schemas["LabelChange"];
export type Job = Schemas["JobOut"];
export type ProjectEvent = Schemas["EventEnvelope"]["event"];
export type Role = Project["role"];
export type TokenScope = Token["scope"];
