import { useLocalStorage } from "@mantine/hooks";

export interface PageView {
  isCropped: boolean;
  tilePx: number;
  toggleCrop: () => void;
  setTilePx: (tilePx: number) => void;
}

export const TILE_SIZES_PX = [84, 116, 156, 220] as const;

/** How a person looks at pages: whole or cropped, and how large. Kept in this browser. */
export function usePageView(): PageView {
  const [isCropped, setIsCropped] = useLocalStorage({ key: "labeler.pages.cropped", defaultValue: false });
  const [tilePx, setTilePx] = useLocalStorage<number>({ key: "labeler.pages.tile", defaultValue: 116 });
  return { isCropped, tilePx, toggleCrop: () => setIsCropped((before) => !before), setTilePx };
}
