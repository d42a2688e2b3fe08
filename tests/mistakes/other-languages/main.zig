const std = @import("std");

pub fn main() !void {
    const quantity: u32 = 1;
    std.debug.print("{d}\n", .{quantity});
}
