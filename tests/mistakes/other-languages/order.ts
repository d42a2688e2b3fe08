export interface Order {
  id: number;
  items?: string[];
}

export function total(order: Order): number {
  return order.items.length;
}
