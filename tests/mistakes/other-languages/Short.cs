using System;
namespace Shop { public class Order { public int Id { get; set; } } }
