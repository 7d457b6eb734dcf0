import { useComputedColorScheme } from "@mantine/core";
import { MAP_BACKGROUND } from "../../theme";

/** Background of the map in the theme in force. */
export function useMapBackground(): string {
  return MAP_BACKGROUND[useComputedColorScheme("dark")];
}
