import Foundation

struct Order: Codable {
    let item: String
    var quantity: Int?
}

protocol Orders {
    func place(_ order: Order) async throws -> Int
}
