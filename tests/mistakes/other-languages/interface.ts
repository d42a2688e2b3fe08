interface Order {
  id: string;
  count: number;
  get(id: string): Promise<Order>;
}
