use std::collections::HashMap;

/// An order.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: u64,
    pub items: Vec<String>,
}

impl Order {
    pub fn new(id: u64) -> Self {
        Order { id, items: Vec::new() }
    }
}
