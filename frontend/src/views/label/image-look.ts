/** What the large image shows on top of itself; kept while one goes from image to image, and in this browser. */
import { useLocalStorage } from "@mantine/hooks";

export interface ImageLook {
  readonly hasSaliency: boolean;
  /** In [0, 1]. */
  readonly opacity: number;
  readonly hasBox: boolean;
  /** Boxes at several retentions instead of the one in force. */
  readonly hasAllBoxes: boolean;
}

export const BOX_RETENTIONS: readonly number[] = [0.5, 0.7, 0.9, 0.95, 0.99];
const DEFAULT: ImageLook = { hasSaliency: true, opacity: 0.6, hasBox: true, hasAllBoxes: false };

export function useImageLook(): [ImageLook, (changes: Partial<ImageLook>) => void] {
  const [stored, store] = useLocalStorage<ImageLook>({ key: "labeler.image-look", defaultValue: DEFAULT });
  const look = { ...DEFAULT, ...stored };
  return [look, (changes) => store({ ...look, ...changes })];
}
