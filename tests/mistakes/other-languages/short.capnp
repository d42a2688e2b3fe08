@0x9d2f6a0c1b3e4f58;
struct Order { item @0 :Text; }
interface Orders { place @0 (order :Order) -> (id :UInt64); }
