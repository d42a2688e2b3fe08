package com.example
data class Order(val id: Long, val items: List<String>)
interface Store { fun get(id: Long): Order }
