using System;

namespace Shop
{
    public class Order
    {
        public string Item { get; set; }
    }
}
