/** Lists come by the page; `next` of one is the `after` of the next, null at the end. */
export interface PageOf<T> {
  items: T[];
  next?: number | null;
}

export const PAGE_SIZE = 1000;

/** Every item of a list, page after page. `read` gets the query of the page. */
export async function allItems<T>(
  read: (query: { limit: number; after?: number }) => Promise<PageOf<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let page = await read({ limit: PAGE_SIZE });
  items.push(...page.items);
  while (page.next !== null && page.next !== undefined) {
    page = await read({ limit: PAGE_SIZE, after: page.next });
    items.push(...page.items);
  }
  return items;
}
