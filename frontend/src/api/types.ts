/** Short names for the generated types. Nothing here describes a server shape by hand. */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Session = Schemas["SessionOut"];
export type User = Schemas["User"];
export type Token = Schemas["TokenOut"];
export type TokenCreated = Schemas["TokenCreated"];
export type Backbone = Schemas["Backbone"];
export type Project = Schemas["Project"];
export type ModelVersion = Schemas["ModelVersion"];
export type Member = Schemas["Member"];
export type LabelClass = Schemas["ClassOut"];
export type ClassPatch = Schemas["ClassPatch"];
export type Import = Schemas["ImportOut"];
export type ImportEntry = Schemas["Entry"];
export type MapManifest = Schemas["MapOut"];
export type ArrayRef = Schemas["ArrayRef"];
export type ImageDetail = Schemas["ImageOut"];
export type Saliency = Schemas["Saliency"];
export type LabelActionRequest = Schemas["ActionIn"];
export type LabelAction = Schemas["ActionOut"];
export type Job = Schemas["Job"];
export type Role = Project["role"];
export type TokenScope = Token["scope"];
