#include "check.hpp"
#include "shared.hpp"

#include <dlfcn.h>
#include <thread>

TEST(casts_across_libraries)
{
    std::unique_ptr<Animal> animal = make_duck();
    EQ(animal->name(), "duck");
    Duck *duck = dynamic_cast<Duck *>(animal.get());
    Swims *swims = dynamic_cast<Swims *>(animal.get());
    IS(duck != nullptr && swims != nullptr);
    EQ(swims->depth(), 3);
    EQ(dynamic_cast<void *>(swims), dynamic_cast<void *>(animal.get()));
    struct Other : Animal {
        std::string name() const override { return "other"; }
    } other;
    IS(dynamic_cast<Duck *>(static_cast<Animal *>(&other)) == nullptr);
    THROWS((void)dynamic_cast<Duck &>(static_cast<Animal &>(other)), std::bad_cast);
    Animal *none = nullptr;
    THROWS((void)typeid(*none), std::bad_typeid);
}

TEST(types_are_one)
{
    std::unique_ptr<Animal> owner = make_duck();
    Animal &animal = *owner;
    IS(typeid(Duck) == duck_type() && typeid(animal) == typeid(Duck));
    IS(typeid(Inline) == inline_type());
    EQ(typeid(Inline).hash_code(), inline_type().hash_code());
    EQ(std::string(typeid(Duck).name()), "4Duck");
}

TEST(exceptions_across_libraries)
{
    THROWS(throw_trouble(5), Trouble, EQ(caught.value, 5));
    THROWS(throw_trouble(6), std::exception, EQ(std::string(caught.what()), "trouble"));
    THROWS(throw_inline(7), Inline, EQ(caught.value, 7));
    EQ(catch_inline([] { throw Inline{8}; }), 8);
    THROWS(call_back([] { throw Trouble(9); }), Trouble, EQ(caught.value, 9));
    // To and fro: out of the program through the library into the program, caught there, thrown again.
    THROWS(call_back([] {
               try {
                   call_back([] { throw_trouble(10); });
               } catch (Trouble &trouble) {
                   trouble.value++;
                   throw;
               }
           }),
           Trouble, EQ(caught.value, 11));
}

TEST(objects_of_inline_functions_are_one)
{
    EQ(&inline_static(), &inline_static_here());
    template_static<long>() = 17;
    EQ(template_static_there(), 17);
}

TEST(thread_locals_of_a_library)
{
    *thread_counter() = 1;
    int *here = thread_counter(), *there = nullptr;
    int seen = 0;
    std::thread([&] {
        there = thread_counter();
        seen = (*there)++;
    }).join();
    IS(here != there);
    EQ(seen, 100);
    EQ(*thread_counter(), 1);
    int destroyed = 0;
    std::thread([&] { keep_for_thread(&destroyed); }).join();
    EQ(destroyed, 1);
}

TEST(an_opened_library)
{
    std::string path(program_path);
    path = path.substr(0, path.rfind('/')) + "/plugin.so";
    void *library = dlopen(path.c_str(), RTLD_NOW);
    if (library == nullptr) {
        fail(__FILE__, __LINE__, dlerror());
        return;
    }
    auto animal = reinterpret_cast<Animal *(*)()>(dlsym(library, "plugin_animal"));
    auto throws = reinterpret_cast<void (*)(int)>(dlsym(library, "plugin_throw"));
    auto watch = reinterpret_cast<void (*)(int *)>(dlsym(library, "plugin_watch"));
    auto thread = reinterpret_cast<void (*)(int *)>(dlsym(library, "plugin_thread"));
    IS(animal && throws && watch && thread);
    {
        std::unique_ptr<Animal> goose(animal());
        EQ(goose->name(), "goose");
        IS(dynamic_cast<Duck *>(goose.get()) == nullptr);
    }
    THROWS(throws(12), Trouble, EQ(caught.value, 12));
    int destroyed = 0, ended = 0;
    std::thread([&] { thread(&destroyed); }).join();
    EQ(destroyed, 1);
    watch(&ended);
    EQ(dlclose(library), 0);
    // A library whose thread_local objects were used may be kept to the end.
    IS(ended <= 1);
}
