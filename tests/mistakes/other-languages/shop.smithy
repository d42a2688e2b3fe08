$version: "2"

namespace example.shop

structure Order {
    @required
    item: String
}

operation Place {
    input: Order
}
