/**
 * GLSL of the map. Every vertex pulls its item from the data textures by `gl_VertexID`; the rules are those of
 * `scene.ts`, `crop.ts` and `lib/profile-boxes.ts`, which the tests hold against what is drawn.
 */
import { DATA_TEXTURE_WIDTH } from "./defaults";
import { DIMMED, HAS_CELL, NOT_DRAWN, SELECTED } from "./items";
import { MAX_STRETCH, SELECTED_DOT_SCALE } from "./scene";

/** Device pixels up to which a cell of this side is sharp enough, as GLSL. */
const largestSideOf = (cellPx: number) => (cellPx * MAX_STRETCH).toFixed(2);

const HEADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp usampler2D;
precision highp sampler2DArray;
`;

const ITEM = `
uniform sampler2D uPositions;
uniform usampler2D uMeta;
uniform usampler2D uState;
uniform sampler2D uPalette;
uniform vec2 uViewportPx;
uniform vec3 uCamera;
uniform float uPixelRatio;
uniform float uMix;
uniform float uCodeMix;
uniform float uFront;
uniform float uThumbnailPx;
uniform float uDotRadiusPx;

const uint SELECTED = ${SELECTED}u;
const uint DIMMED = ${DIMMED}u;
const uint HAS_CELL = ${HAS_CELL}u;
const uint NOT_DRAWN = ${NOT_DRAWN}u;
const float DEPTH_STEPS = 1800.0;

ivec2 texelOf(int index) {
  return ivec2(index % ${DATA_TEXTURE_WIDTH}, index / ${DATA_TEXTURE_WIDTH});
}

vec2 centreOf(int item) {
  vec4 ends = texelFetch(uPositions, texelOf(item), 0);
  vec2 world = mix(ends.xy, ends.zw, uMix) - uCamera.xy;
  return vec2(0.5, 0.5) * uViewportPx + vec2(world.x, -world.y) * uCamera.z;
}

float codeOf(uvec4 meta) {
  return mix(float(meta.z), float(meta.w), uCodeMix);
}

vec4 clipFrom(vec2 screen, float rank) {
  vec2 unit = screen / uViewportPx;
  return vec4(2.0 * unit.x - 1.0, 1.0 - 2.0 * unit.y, 1.0 - 2.0 * (rank + 1.0) / DEPTH_STEPS, 1.0);
}

float rankOf(uint flags, float base) {
  float level = (flags & DIMMED) != 0u ? 0.0 : (flags & SELECTED) != 0u ? 2.0 : 1.0;
  return (base + level) * 256.0;
}

const vec4 NOWHERE = vec4(2.0, 2.0, 2.0, 1.0);
`;

export const DOT_VERTEX = `${HEADER}${ITEM}
flat out vec4 vColour;
flat out float vRadius;
flat out uint vFlags;

void main() {
  int item = gl_VertexID;
  uvec2 state = texelFetch(uState, texelOf(item), 0).xy;
  float growth = uFront - codeOf(texelFetch(uMeta, texelOf(item), 0));
  gl_PointSize = 1.0;
  gl_Position = NOWHERE;
  if ((state.y & NOT_DRAWN) != 0u || growth > 0.0) return;
  bool isSelected = (state.y & SELECTED) != 0u;
  vColour = texelFetch(uPalette, ivec2(int(state.x), 0), 0);
  vRadius = uDotRadiusPx * (isSelected ? ${SELECTED_DOT_SCALE.toFixed(2)} : 1.0) * uPixelRatio;
  vFlags = state.y;
  gl_PointSize = 2.0 * vRadius + (isSelected ? 7.0 : 3.0) * uPixelRatio;
  gl_Position = clipFrom(centreOf(item), rankOf(state.y, 0.0));
}
`;

export const DOT_FRAGMENT = `${HEADER}
uniform float uPixelRatio;
uniform vec3 uBackground;
uniform vec3 uAccent;
flat in vec4 vColour;
flat in float vRadius;
flat in uint vFlags;
out vec4 outColour;

void main() {
  bool isSelected = (vFlags & ${SELECTED}u) != 0u;
  bool isDimmed = (vFlags & ${DIMMED}u) != 0u;
  float rim = (isSelected ? 1.75 : 0.75) * uPixelRatio;
  float strength = isSelected ? 1.0 : clamp(0.25 * vRadius / uPixelRatio - 0.3, 0.15, 0.7);
  float size = 2.0 * vRadius + (isSelected ? 7.0 : 3.0) * uPixelRatio;
  float radius = length((gl_PointCoord - 0.5) * size);
  float inside = clamp(vRadius + 0.5 - radius, 0.0, 1.0);
  float covered = clamp(vRadius + rim + 0.5 - radius, 0.0, 1.0);
  vec3 rimColour = isSelected ? uAccent : uBackground;
  vec3 colour = mix(rimColour, vColour.rgb, inside);
  float alpha = mix(covered * strength, 1.0, inside);
  if (isDimmed) {
    colour = mix(vColour.rgb, vec3(dot(vColour.rgb, vec3(0.299, 0.587, 0.114))), 0.6);
    alpha = 0.16 * inside;
  }
  if (alpha < 0.02) discard;
  outColour = vec4(colour * alpha, alpha);
}
`;

/** The box of a profile, the crop around it, and the size it is drawn at. */
const CROP = `
uniform usampler2D uProfiles;
uniform ivec2 uProfileShape;
uniform int uNumProfiles;
uniform float uRetention;
uniform float uCropAmount;
uniform float uMinHalf;
uniform float uContextFrac;

uvec4 codesAt(int item, int texel) {
  int stride = (uProfileShape.x + uProfileShape.y + 3) / 4;
  return texelFetch(uProfiles, texelOf(item * stride + texel), 0);
}

float massAt(int item, int index) {
  float code = float(codesAt(item, index >> 2)[index & 3]);
  return code * code;
}

/** Largest place with at most the share "tail" of the marginal below it, walking from index start by step. */
float lowerEdge(int item, int start, int step, int count, float target) {
  float below = 0.0;
  float position = 0.0;
  float previous = massAt(item, start);
  for (int segment = 0; segment <= count; segment++) {
    float span = segment == 0 || segment == count ? 0.5 : 1.0;
    float next = segment < count ? massAt(item, start + segment * step) : previous;
    float mass = 0.5 * (previous + next) * span;
    if (below + mass > target) {
      float rest = target - below;
      float slope = (next - previous) / span;
      float root = sqrt(max(0.0, previous * previous + 2.0 * slope * rest));
      float along = rest > 0.0 ? 2.0 * rest / (previous + root) : 0.0;
      return (position + min(span, along)) / float(count);
    }
    below += mass;
    position += span;
    previous = next;
  }
  return 1.0;
}

/** Low and high edge of one axis; (0, 1) when the marginal is all zero. */
vec2 edgesOf(int item, int offset, int count, float tail) {
  float mass = 0.0;
  for (int k = 0; k < count; k++) mass += massAt(item, offset + k);
  if (mass == 0.0) return vec2(-1.0);
  float low = lowerEdge(item, offset, 1, count, tail * mass);
  float high = 1.0 - lowerEdge(item, offset + count - 1, -1, count, tail * mass);
  return vec2(low, high);
}

vec2 cropAxis(vec2 edges) {
  float border = (edges.y - edges.x) * uContextFrac;
  vec2 wide = vec2(max(0.0, edges.x - border), min(1.0, edges.y + border));
  float radius = max(uMinHalf, 0.5 * (wide.y - wide.x));
  float centre = clamp(0.5 * (wide.x + wide.y), radius, 1.0 - radius);
  return vec2(centre - radius, centre + radius);
}

/** x low, y low, x high, y high of the part of the picture to draw. */
vec4 cropOf(int item, uint rate) {
  const vec4 WHOLE = vec4(0.0, 0.0, 1.0, 1.0);
  float retention = rate == 0u ? uRetention : float(rate) / 255.0;
  if (uCropAmount == 0.0 || retention >= 1.0 || item >= uNumProfiles) return WHOLE;
  float tail = 0.5 * (1.0 - retention);
  vec2 x = edgesOf(item, 0, uProfileShape.x, tail);
  vec2 y = edgesOf(item, uProfileShape.x, uProfileShape.y, tail);
  if (x.y < 0.0 || y.y < 0.0) return WHOLE;
  x = cropAxis(x);
  y = cropAxis(y);
  return mix(WHOLE, vec4(x.x, y.x, x.y, y.y), uCropAmount);
}

vec2 drawnSize(uint aspect, vec4 crop, float side) {
  float ratio = exp2((float(aspect) - 128.0) / 64.0) * (crop.z - crop.x) / (crop.w - crop.y);
  return ratio >= 1.0 ? vec2(side, side / ratio) : vec2(side * ratio, side);
}
`;

export const THUMBNAIL_VERTEX = `${HEADER}${ITEM}${CROP}
uniform usampler2D uSlots;
uniform int uNumSmallCells;
uniform ivec2 uCellsPerRow;
uniform float uLargeSidePx;
uniform float uPadPx;

out vec2 vPoint;
flat out vec2 vHalf;
flat out vec4 vCell;
flat out ivec2 vSource;
flat out vec4 vColour;
flat out uint vFlags;
flat out float vSide;

void main() {
  int item = gl_VertexID >> 2;
  vec2 corner = vec2(float(gl_VertexID & 1), float((gl_VertexID >> 1) & 1)) * 2.0 - 1.0;
  uvec2 state = texelFetch(uState, texelOf(item), 0).xy;
  uvec4 meta = texelFetch(uMeta, texelOf(item), 0);
  float growth = uLargeSidePx > 0.0 ? 1.0 : clamp(uFront - codeOf(meta), 0.0, 1.0);
  gl_Position = NOWHERE;
  if ((state.y & NOT_DRAWN) != 0u || growth == 0.0) return;
  float side = uLargeSidePx > 0.0 ? uLargeSidePx : mix(2.0 * uDotRadiusPx, uThumbnailPx, growth);
  vec2 centre = centreOf(item);
  if (any(greaterThan(abs(centre - 0.5 * uViewportPx), 0.5 * uViewportPx + side + uPadPx))) return;

  vec4 crop = cropOf(item, meta.y);
  vHalf = 0.5 * drawnSize(meta.x, crop, side);
  if (uLargeSidePx > 0.0) centre = clamp(centre, vHalf + 6.0, max(vHalf + 6.0, uViewportPx - vHalf - 6.0));
  vPoint = corner * (vHalf + uPadPx);
  vSide = side;
  vFlags = state.y;
  vColour = texelFetch(uPalette, ivec2(int(state.x), 0), 0);

  ivec2 slots = ivec2(texelFetch(uSlots, texelOf(item), 0).xy) - 1;
  float cropLong = max(crop.z - crop.x, crop.w - crop.y);
  float texelSide = side * uPixelRatio / cropLong;
  bool isPicture = slots.y >= 0 && texelSide > ${largestSideOf(64)};
  bool isLarge = !isPicture && slots.x >= 0 && texelSide > ${largestSideOf(16)};
  bool isSmall = !isPicture && !isLarge && item < uNumSmallCells && (state.y & HAS_CELL) != 0u;
  int perRow = isPicture ? 1 : isLarge ? uCellsPerRow.y : uCellsPerRow.x;
  int cell = isPicture ? slots.y : isLarge ? slots.x : item;
  int within = cell % (perRow * perRow);
  vSource = ivec2(isPicture ? 256 : isLarge ? 64 : isSmall ? 16 : 0, cell / (perRow * perRow));
  vec2 origin = vec2(float(within % perRow), float(within / perRow));
  vCell = vec4(origin + crop.xy, crop.zw - crop.xy);
  gl_Position = clipFrom(centre + vPoint, rankOf(state.y, 3.0) + 255.0 - codeOf(meta));
}
`;

export const THUMBNAIL_FRAGMENT = `${HEADER}
uniform sampler2DArray uSmallCells;
uniform sampler2DArray uLargeCells;
uniform sampler2DArray uPictures;
uniform float uPixelRatio;
uniform float uLayerPx;
uniform float uShadowPx;
uniform vec3 uBackground;
uniform vec3 uAccent;
uniform vec3 uOutline;
in vec2 vPoint;
flat in vec2 vHalf;
flat in vec4 vCell;
flat in ivec2 vSource;
flat in vec4 vColour;
flat in uint vFlags;
flat in float vSide;
out vec4 outColour;

float distanceTo(vec2 point, vec2 halfSize, float radius) {
  vec2 corner = abs(point) - halfSize + radius;
  return length(max(corner, 0.0)) + min(max(corner.x, corner.y), 0.0) - radius;
}

/** One sample at a place in the picture, 0..1 of the drawn part; kept off the neighbouring cells. */
vec3 sampleCell(vec2 place) {
  float cellPx = float(vSource.x);
  vec2 unit = vCell.xy + clamp(place, 0.0, 1.0) * vCell.zw;
  vec2 base = floor(vCell.xy + 0.5 * vCell.zw);
  float inset = 0.5 / cellPx;
  vec2 inside = clamp(unit, base + inset, base + 1.0 - inset);
  if (vSource.x == 256) return textureLod(uPictures, vec3(inside, float(vSource.y)), 0.0).rgb;
  vec3 uv = vec3(inside * cellPx / uLayerPx, float(vSource.y));
  return vSource.x == 64 ? textureLod(uLargeCells, uv, 0.0).rgb : textureLod(uSmallCells, uv, 0.0).rgb;
}

vec3 pictureAt(vec2 point) {
  if (vSource.x == 0) return mix(uBackground, vColour.rgb, 0.35);
  vec2 place = point / (2.0 * vHalf) + 0.5;
  vec2 pixel = 0.5 / (vHalf * uPixelRatio);
  vec2 texels = vCell.zw * float(vSource.x) * pixel;
  if (max(texels.x, texels.y) < 1.3) return sampleCell(place);
  vec2 a = pixel * 0.25;
  return 0.25 * (sampleCell(place + a) + sampleCell(place - a) +
    sampleCell(place + vec2(a.x, -a.y)) + sampleCell(place + vec2(-a.x, a.y)));
}

void main() {
  bool isSelected = (vFlags & ${SELECTED}u) != 0u;
  bool isDimmed = (vFlags & ${DIMMED}u) != 0u;
  float radius = min(min(vHalf.x, vHalf.y) * 0.5, clamp(vSide * 0.07, 1.5, 6.0));
  float away = distanceTo(vPoint, vHalf, radius);
  float soft = 1.0 / uPixelRatio;
  float inside = clamp(0.5 - away / soft, 0.0, 1.0);

  vec3 colour = pictureAt(vPoint);
  if (isDimmed) colour = mix(uBackground, vec3(dot(colour, vec3(0.299, 0.587, 0.114))), 0.22);
  float borderPx = clamp(vSide * 0.05, 1.0, 3.0);
  float isColoured = clamp(0.5 + (away + borderPx) / soft, 0.0, 1.0) * vColour.a;
  float isHairline = clamp(0.5 + (away + soft) / soft, 0.0, 1.0) * (1.0 - vColour.a) * 0.35;
  colour = mix(colour, vColour.rgb, isColoured * (isDimmed ? 0.25 : 1.0));
  colour = mix(colour, uOutline, isDimmed ? 0.0 : isHairline);

  float alpha = inside;
  vec3 result = colour * inside;
  if (isSelected) {
    float ring = clamp(0.5 - (away - 3.2) / soft, 0.0, 1.0) - clamp(0.5 - (away - 0.7) / soft, 0.0, 1.0);
    float gap = clamp(0.5 - (away - 3.2) / soft, 0.0, 1.0);
    result = mix(mix(uBackground, uAccent, ring / max(gap, 0.001)) * gap, colour, inside);
    alpha = max(inside, gap);
  }
  if (uShadowPx > 0.0) {
    float shadow = 0.45 * pow(clamp(1.0 - away / uShadowPx, 0.0, 1.0), 2.0);
    alpha = alpha + shadow * (1.0 - alpha);
  }
  if (alpha < 0.02) discard;
  outColour = vec4(result, alpha);
}
`;
